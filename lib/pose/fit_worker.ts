/**
 * Worker module of step 1.
 *
 * @module
 */
import { serveTasks } from "../core/worker_server.ts";
import { createFitRunner } from "./fit_task.ts";

serveTasks(createFitRunner);
