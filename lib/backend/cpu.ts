/**
 * The plain JavaScript backend.
 *
 * @module
 */
import { tf } from "../core/tensor.ts";

/**
 * Makes the `cpu` backend ready. tfjs registers it itself and, in hosts like Node, prints an advertisement for another
 * package at the first tensor: that tensor is made here while the host is hidden.
 */
export async function prepareCpu(): Promise<boolean> {
  const isNode = tf.env().getBool("IS_NODE");
  tf.env().set("IS_NODE", false);
  try {
    const set = await tf.setBackend("cpu");
    if (set) tf.scalar(0).dispose();
    return set;
  } finally {
    tf.env().set("IS_NODE", isNode);
  }
}
