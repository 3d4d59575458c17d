/**
 * The file in which remeshing keeps its state, so that a stopped run resumes.
 *
 * @module
 */
import { UserError } from "../core/errors.ts";
import { agree } from "../core/process_group.ts";
import { readSafetensors, writeSafetensors } from "../io/safetensors.ts";
import type { RemeshCheckpoint } from "./remesh.ts";

/**
 * A checkpoint in a file.
 *
 * @param path The file
 * @param settings Everything that the state depends on; a file of other settings is refused
 * @param onResume Told when a file was there, with its number of steps
 */
export function checkpointFile(
  path: string,
  settings: string,
  onResume?: (steps: number) => void,
): RemeshCheckpoint {
  return {
    async load(state) {
      const stored = await agree(async () => {
        const isThere = await Deno.stat(path).then((info) => info.isFile, () => false);
        return isThere ? await readSafetensors(path) : null;
      });
      if (stored === null) return false;
      const { arrays, metadata } = stored;
      if (metadata.settings !== settings) {
        throw new UserError(
          `${path} holds the state of a run with other settings: repeat those, or delete the file to begin from scratch.`,
        );
      }
      state.load(arrays);
      onResume?.(state.stepsDone);
      return true;
    },
    async save(state) {
      if (state.stepsDone > 0) await writeSafetensors(path, state.toArrays(), { settings });
    },
  };
}
