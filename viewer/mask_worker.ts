/**
 * Worker in which a model finds the main object of photographs.
 *
 * @module
 */
import { serveTasks } from "../lib/core/worker_server.ts";
import { createRunner } from "./mask_task.ts";

serveTasks(createRunner);
