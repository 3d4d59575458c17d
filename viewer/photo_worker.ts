/**
 * Worker of the page that makes a 3D model of a photograph.
 *
 * @module
 */
import { serveTasks } from "../lib/core/worker_server.ts";
import { createRunner } from "../lib/photo/photo_task.ts";

serveTasks(createRunner);
