/**
 * Files: meshes, images and arrays, read and written without Python.
 *
 * @module
 */
export { exportMesh, type ExportMeshOptions, type MeshFormat } from "./export_mesh.ts";
export { encodeGlb } from "./glb.ts";
export type { GlbExtra, GlbOptions, MeshConvention } from "./glb_encoder.ts";
export { type ObjContent, type ObjNaming, type ObjOptions, readObj, writeObj } from "./obj.ts";
export type { MeshArrays } from "./mesh_arrays.ts";
export { readMesh } from "./read_mesh.ts";
export { readTexturedMesh, type TexturedMeshFile, writeTexturedMesh } from "./textured_mesh_file.ts";
export type { LabelledMesh } from "./labelled_mesh.ts";
export { encodePng, readByteImage, readImage, writePng } from "./image_file.ts";
export type { ByteImage } from "./byte_image.ts";
export { resizeToRgb } from "./resize_image.ts";
export { type AnimationFormat, type AnimationOptions, encodeAnimation, writeAnimation } from "./animation.ts";
export type { SafetensorsFile } from "./safetensors_bytes.ts";
export { readSafetensors, writeSafetensors } from "./safetensors.ts";
export { readNpy, writeNpy } from "./npy.ts";
export { readNpz, writeNpz } from "./npz.ts";
