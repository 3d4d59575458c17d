/**
 * Worker module of step 2.
 *
 * @module
 */
import { serveTasks } from "../core/worker_server.ts";
import { createPartsRunner } from "./parts_task.ts";

serveTasks(createPartsRunner);
