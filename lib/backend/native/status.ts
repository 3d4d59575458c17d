/**
 * TensorFlow's status object, turned into JavaScript errors.
 *
 * @module
 */
import { readCString } from "./c_memory.ts";
import type { TensorFlowSymbols } from "./symbols.ts";

/** An error that TensorFlow reported. */
export class TensorFlowError extends Error {
  override name = "TensorFlowError";
  /** TensorFlow's code, such as 3 for an invalid argument and 8 for exhausted memory. */
  readonly code: number;

  /** @param message What failed, with TensorFlow's text */
  constructor(message: string, code: number) {
    super(message);
    this.code = code;
  }
}

/** One reused `TF_Status`. Every call that takes it must be followed by `check`. */
export class Status {
  /** The C object. */
  readonly pointer: Deno.PointerValue;
  readonly #symbols: TensorFlowSymbols;

  /** @param symbols The opened library */
  constructor(symbols: TensorFlowSymbols) {
    this.#symbols = symbols;
    this.pointer = symbols.TF_NewStatus();
  }

  /**
   * Throws if the last call failed.
   *
   * @param action What was done, for the message; called on failure only
   * @throws {TensorFlowError} If it failed
   */
  check(action: () => string): void {
    const code = this.#symbols.TF_GetCode(this.pointer);
    if (code === 0) return;
    const text = readCString(this.#symbols.TF_Message(this.pointer)); // before `action` calls C again
    throw new TensorFlowError(`Cannot ${action()}: ${text}`, code);
  }

  /** Frees the C object. */
  dispose(): void {
    this.#symbols.TF_DeleteStatus(this.pointer);
  }
}
