import { assertEquals } from "@std/assert";
import type { NativeBinding } from "../../../lib/backend/native/binding.ts";
import { computeOnNativeTensors, placeResult } from "../../../lib/backend/native/host_memory.ts";
import { LostThreadError } from "../../../lib/backend/threads/lost_thread_error.ts";
import { assertThrowsWith } from "../../helpers/assert_facts.ts";

/** A binding whose only tensor is borrowed and given back; calls are noted. */
function notedBinding(calls: string[]): NativeBinding {
  const memory = new Float32Array(2);
  const symbols = {
    TF_AllocateTensor: () => Deno.UnsafePointer.of(memory),
    TF_TensorData: () => Deno.UnsafePointer.of(memory),
    TF_DeleteTensor: () => calls.push("delete"),
  };
  return {
    context: { symbols },
    describeTensor: () => ({ shape: [2] }),
    borrowValues: () => ({ values: Float32Array.of(1, 2), release: () => calls.push("release") }),
  } as unknown as NativeBinding;
}

Deno.test("memory of a host operation is given back after an error, but not where a thread was lost", () => {
  const errors: [Error, string[]][] = [[new RangeError("odd"), ["release", "delete"]], [
    new LostThreadError("lost"),
    [],
  ]];
  for (const [error, expected] of errors) {
    const calls: string[] = [];
    const fail = () => {
      placeResult([2]);
      throw error;
    };
    assertThrowsWith(
      () => computeOnNativeTensors(notedBinding(calls), [0], fail, true),
      Error,
      error.message,
    );
    assertEquals(calls, expected);
    assertEquals(placeResult([2]), null);
  }
});
