/** A worker module of the pool's tests. */
import { serveTasks } from "../../lib/core/worker_server.ts";
import { createTestRunner } from "./pool_task.ts";

serveTasks(createTestRunner);
