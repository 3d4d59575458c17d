/** A worker of the pose load. */
import { serveTasks } from "../../lib/core/worker_server.ts";
import { createPoseRunner } from "./pose_load.ts";

serveTasks(createPoseRunner);
