/**
 * What this machine has, and the libraries that are fetched once: TensorFlow for the native backend, vision models.
 *
 * @module
 */
export { type BackendFinding, diagnose, type Diagnosis, type Finding } from "./diagnose.ts";
export type { LibraryPlace } from "../../lib/backend/native/library_path.ts";
export { diagnoseVision } from "./diagnose_vision.ts";
export * from "./provision_library.ts";
export * from "./provision_vision.ts";
export { SETUP_OPTIONS } from "./setup_options.ts";
