/**
 * The worker of every `WorkerPool`: it imports the kind's module, which exports `createRunner`.
 *
 * @module
 */
import { serveTasks } from "./worker_server.ts";

serveTasks(async (shared, module) => (await import(module)).createRunner(shared));
