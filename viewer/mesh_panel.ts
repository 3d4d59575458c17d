/**
 * The finished 3D model: seen from all around, compared with its photograph, and downloaded.
 *
 * @module
 */
import { messageOf } from "../lib/core/errors.ts";
import { sphereTopology } from "../lib/mesh/sphere_topology.ts";
import { encodePhotoMesh, type PhotoMesh } from "../lib/photo/photo_mesh.ts";
import type { PhotoPool } from "../lib/photo/find_photo_poses.ts";
import { sideOfAzimuth } from "../lib/photo/photo_pose.ts";
import { Compare } from "./compare.ts";
import { byId, download, setPressed, tell } from "./dom.ts";
import { bindLook, type LookSwitches } from "./look_tools.ts";
import { meshObject } from "./mesh_object.ts";
import { imageCanvas } from "./pose_drawing.ts";
import { drawInWorker } from "./photo_workers.ts";
import { Stage } from "./stage.ts";

/** Side of the image that is compared with the photograph, pixels. */
const COMPARED_SIZE = 512;
/** Textures that people choose among. */
const DETAILS = [256, 512, 1024] as const;

/** The panel of the last step. */
export class MeshPanel {
  /** Switches of the 3D view. */
  readonly tools: LookSwitches;
  readonly #stage: Stage;
  readonly #pool: PhotoPool;
  readonly #compare = new Compare();
  #mesh: PhotoMesh | null = null;
  #stem = "";
  #isComparing = false;

  /**
   * Binds the panel.
   *
   * @param pool Workers that draw
   * @param onDetail Told when another texture resolution is asked for
   */
  constructor(pool: PhotoPool, onDetail: () => void) {
    this.#pool = pool;
    this.#stage = new Stage(byId("view", HTMLCanvasElement));
    this.tools = bindLook(this.#stage);
    byId("compare", HTMLButtonElement).addEventListener("click", () => this.toggleCompare());
    byId("download", HTMLButtonElement).addEventListener("click", () => void this.download());
    byId("save-image", HTMLButtonElement).addEventListener("click", () => void this.#saveImage());
    const detail = byId("detail", HTMLInputElement);
    detail.addEventListener("input", () => this.#showDetail());
    detail.addEventListener("change", onDetail);
    this.#showDetail();
  }

  /** Rows and columns of the texture that is asked for. */
  get textureResolution(): number {
    return DETAILS[Number(byId("detail", HTMLInputElement).value)];
  }

  /** The 3D view. */
  get stage(): Stage {
    return this.#stage;
  }

  /** Shows a mesh and the square of its photograph. */
  async show(mesh: PhotoMesh, photo: OffscreenCanvas, stem: string): Promise<void> {
    [this.#mesh, this.#stem] = [mesh, stem];
    const { faces, uvs, faceUvs } = sphereTopology(),
      { vertices, texture, azimuth, category, template, iou } = mesh;
    this.#stage.show(meshObject({ vertices, faces, uvs, faceUvs }, texture, true));
    this.#stage.lookFrom(azimuth);
    byId("mesh-title", HTMLElement).textContent = stem;
    byId("mesh-told", HTMLElement).textContent = `${category.replaceAll("_", " ")} (${
      template.replaceAll("_", " ")
    }), seen from the ${sideOfAzimuth(azimuth)}; it covers its photograph by ${(100 * iou).toFixed(1)} %. ${
      (faces.length / 3).toLocaleString("en")
    } triangles.`;
    document.body.dataset.mesh = stem;
    this.#compare.open(null, null);
    const drawn = await drawInWorker(mesh, COMPARED_SIZE, this.#pool);
    if (this.#mesh === mesh) this.#compare.open(photo, imageCanvas(drawn));
  }

  /** Shows the comparison, or the 3D view. */
  toggleCompare(isOn = !this.#isComparing): void {
    this.#isComparing = isOn;
    this.#compare.isShown = isOn;
    setPressed(byId("compare", HTMLButtonElement), isOn);
  }

  /** Hands out the GLB. */
  async download(): Promise<void> {
    if (this.#mesh === null) return;
    try {
      const bytes = await encodePhotoMesh(this.#mesh, this.#stem);
      download(
        new Blob([bytes as Uint8Array<ArrayBuffer>], { type: "model/gltf-binary" }),
        `${this.#stem}.glb`,
      );
    } catch (error) {
      tell(messageOf(error), "problem");
    }
  }

  async #saveImage(): Promise<void> {
    try {
      download(await this.#stage.image(), `${this.#stem}.png`);
    } catch (error) {
      tell(messageOf(error), "problem");
    }
  }

  #showDetail(): void {
    byId("detail-value", HTMLOutputElement).value = `${this.textureResolution} px`;
  }
}
