/** A worker module of the kernels' tests. */
import { serveTasks } from "../../lib/core/worker_server.ts";
import { createSilhouetteRunner } from "./silhouette_task.ts";

serveTasks(createSilhouetteRunner);
