/**
 * Worker module of pseudo-ground-truth from refined objects.
 *
 * @module
 */
import { serveTasks } from "../core/worker_server.ts";
import { createRefinedUvRunner } from "./refined_task.ts";

serveTasks(createRefinedUvRunner);
