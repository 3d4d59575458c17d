/**
 * Worker module of pseudo-ground-truth.
 *
 * @module
 */
import { serveTasks } from "../core/worker_server.ts";
import { createUvRunner } from "./uv_task.ts";

serveTasks(createUvRunner);
