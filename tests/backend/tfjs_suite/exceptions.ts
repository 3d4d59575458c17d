/**
 * The kernel layer's own list of tests that it does not pass.
 *
 * @module
 */
import { join } from "@std/path";

const SOURCE = "node_modules/@tensorflow/tfjs-node-gpu/dist/run_tests.js";
const LIST = /IGNORE_LIST = \[\n([\s\S]*?)\n\];/;
const TEXT = /^\s*(['"])(.*)\1,?\s*$/;

/**
 * Reads the list out of the installed package's source, without running it.
 *
 * @param root The project's folder
 * @returns Parts of the tests' full names
 */
export async function readExceptions(root: string): Promise<string[]> {
  const list = LIST.exec(await Deno.readTextFile(join(root, SOURCE)))?.[1];
  const exceptions = list?.split("\n").flatMap((line) => {
    const text = TEXT.exec(line)?.[2];
    return text === undefined ? [] : [text.replaceAll(/\\(['"])/g, "$1")];
  }) ?? [];
  if (exceptions.length === 0) {
    throw new Error(`Cannot read the exceptions: ${SOURCE} has no list as expected`);
  }
  return exceptions;
}
