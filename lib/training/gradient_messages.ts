/**
 * Gradients on their way between processes, during the backward pass. A recorded step is cut at each message.
 *
 * @module
 */
import { BUCKET_VALUES, messageOf, resultsOf } from "../backend/ops/all_reduce.ts";
import { hostOp } from "../backend/host_op.ts";
import type { Tensor } from "../core/tensor.ts";
import { communicator } from "../distributed/communicator.ts";

/** A message: its values and how to wait for it, both of the current replay. */
interface Message {
  readonly names: readonly string[];
  readonly shapes: readonly (readonly number[])[];
  values: Float32Array | null;
  wait: () => void;
}

/** The gradients of one step. All processes add the same names in the same order. */
export class GradientMessages {
  readonly #messages: Message[] = [];
  #bucket: { readonly name: string; readonly gradient: Tensor }[] = [];
  #room = BUCKET_VALUES;

  /**
   * Adds a gradient that is ready, and sends a message when enough of them are together.
   *
   * @param name Its name
   * @param gradient Kept by the caller until all are there
   */
  add(name: string, gradient: Tensor): void {
    if (gradient.size > this.#room) this.#send();
    this.#bucket.push({ name, gradient });
    this.#room -= gradient.size;
    if (this.#room <= 0) this.#send();
  }

  /** Waits for all messages and returns the means over all processes by name. */
  finish(): Map<string, Tensor> {
    this.#send();
    return new Map(this.#messages.flatMap((message) => {
      const means = hostOp("finishAllReduce", [], () => {
        message.wait();
        return resultsOf(message.values!, message.shapes, 1 / communicator().size);
      }, { borrow: true });
      return message.names.map((name, i) => [name, means[i]] as const);
    }));
  }

  #send(): void {
    const bucket = this.#bucket;
    this.#bucket = [];
    this.#room = BUCKET_VALUES;
    if (bucket.length === 0) return;
    const gradients = bucket.map(({ gradient }) => gradient);
    const message: Message = {
      names: bucket.map(({ name }) => name),
      shapes: gradients.map(({ shape }) => shape),
      values: null,
      wait: () => {},
    };
    this.#messages.push(message);
    hostOp("startAllReduce", gradients, (...arrays) => {
      message.values = messageOf(arrays);
      message.wait = communicator().startAllReduce(message.values);
      return [];
    }, { borrow: true });
  }
}
