/**
 * The option that chooses files of meshes.
 *
 * @module
 */
import { option } from "../core/option.ts";
import { MESH_FORMATS, type MeshFormat } from "./export_mesh.ts";

/** Files to write. */
export const formats = (fallback: readonly MeshFormat[]) =>
  option.choices({ doc: "Files to write.", choices: MESH_FORMATS, default: fallback });
