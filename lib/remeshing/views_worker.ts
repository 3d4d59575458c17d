/**
 * Worker module of remeshing.
 *
 * @module
 */
import { serveTasks } from "../core/worker_server.ts";
import { createViewsRunner } from "./views_task.ts";

serveTasks(createViewsRunner);
