/**
 * Worker module of refinement.
 *
 * @module
 */
import { serveTasks } from "../core/worker_server.ts";
import { createRefineRunner } from "./refine_task.ts";

serveTasks(createRefineRunner);
