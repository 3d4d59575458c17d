/**
 * What the processor can do.
 *
 * @module
 */

const CPU_DESCRIPTION = "/proc/cpuinfo";
const BF16_FLAGS = /\b(avx512_bf16|amx_bf16|bf16)\b/;

/** Whether the processor computes in bf16; false where it does not tell. */
export function cpuHasBf16(): boolean {
  try {
    return BF16_FLAGS.test(Deno.readTextFileSync(CPU_DESCRIPTION));
  } catch {
    return false;
  }
}
