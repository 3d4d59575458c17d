/**
 * Worker module that builds templates.
 *
 * @module
 */
import { serveTasks } from "../../lib/core/worker_server.ts";
import { buildBuiltIn } from "./build_built_in.ts";

serveTasks(() => buildBuiltIn);
