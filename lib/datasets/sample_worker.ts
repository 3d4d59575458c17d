/**
 * Worker module that reads samples.
 *
 * @module
 */
import { serveTasks } from "../core/worker_server.ts";
import { createSampleRunner } from "./sample_task.ts";

serveTasks(createSampleRunner);
