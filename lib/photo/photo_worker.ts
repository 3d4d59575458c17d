/**
 * Worker module of single photographs.
 *
 * @module
 */
import { serveTasks } from "../core/worker_server.ts";
import { createPhotoRunner } from "./photo_task.ts";

serveTasks(createPhotoRunner);
