/**
 * Reading GLB files.
 *
 * @module
 */
// @ts-types="@types/three"
import type { Object3D } from "three";
// @ts-types="@types/three/examples/jsm/loaders/GLTFLoader.js"
import { GLTFLoader } from "three/examples/jsm/loaders/GLTFLoader.js";
import { messageOf, UserError } from "../lib/core/errors.ts";

const MAGIC = 0x46546c67; // "glTF"

/** A GLB file, opened. */
export interface OpenedGlb {
  /** What it shows. */
  readonly object: Object3D;
  /** What it tells about itself. */
  readonly extras: Readonly<Record<string, unknown>>;
}

/**
 * Opens a GLB file; nothing is loaded besides its bytes.
 *
 * @param bytes The file
 * @param name Its name, for messages
 * @throws {UserError} If it is not a GLB file, or needs what this page does not have
 */
export async function openGlb(bytes: ArrayBuffer, name: string): Promise<OpenedGlb> {
  if (bytes.byteLength < 12 || new DataView(bytes).getUint32(0, true) !== MAGIC) {
    throw new UserError(`Cannot open ${name}: it is not a GLB file`);
  }
  try {
    const gltf = await new GLTFLoader().parseAsync(bytes, "");
    return { object: gltf.scene, extras: gltf.asset.extras ?? {} };
  } catch (error) {
    throw new UserError(`Cannot open ${name}: ${messageOf(error)}`, { cause: error });
  }
}
