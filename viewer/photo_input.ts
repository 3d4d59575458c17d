/**
 * Ways in which a photograph comes into the page: opened, dropped, pasted, taken by the camera.
 *
 * @module
 */
import { messageOf, UserError } from "../lib/core/errors.ts";
import { byId, tell } from "./dom.ts";
import { bindDrop } from "./drop.ts";
import { isModelFile } from "./object_finder.ts";

/** Photograph that people may try. */
const EXAMPLE = "example.png";

/**
 * Binds all ways, and those of a model.
 *
 * @param onPhotograph Takes the photograph
 * @param onModel Takes a file of a model that makes masks
 */
export function bindPhotoInput(onPhotograph: (file: File) => void, onModel: (file: File) => void): void {
  const pick = (files: Iterable<File> | null | undefined) => {
    const [file] = files ?? [];
    if (file) (isModelFile(file) ? onModel : onPhotograph)(file);
  };
  for (const id of ["picker", "shooter", "model-picker"]) {
    const input = byId(id, HTMLInputElement);
    input.addEventListener("change", () => {
      pick(input.files);
      input.value = "";
    });
  }
  byId("open", HTMLButtonElement).addEventListener("click", () => byId("picker", HTMLInputElement).click());
  byId("camera", HTMLButtonElement).addEventListener("click", () => void useCamera(onPhotograph));
  byId("example", HTMLButtonElement).addEventListener(
    "click",
    () => void fetchExample().then(onPhotograph, (error) => tell(messageOf(error), "problem")),
  );
  addEventListener("paste", (event) => {
    const files = [...event.clipboardData?.files ?? []].filter(({ type }) => type.startsWith("image/"));
    if (files.length === 0) return;
    event.preventDefault();
    pick(files);
  });
  bindDrop(pick);
}

async function fetchExample(): Promise<File> {
  const response = await fetch(EXAMPLE);
  if (!response.ok) throw new UserError(`Cannot open the example: the server answers ${response.status}`);
  return new File([await response.blob()], EXAMPLE);
}

/** Shows what the camera sees until a photograph is taken; devices without one open their own camera or files. */
async function useCamera(onPhotograph: (file: File) => void): Promise<void> {
  let stream: MediaStream;
  try {
    if (!navigator.mediaDevices) throw new UserError("this browser gives no camera to pages without https");
    stream = await navigator.mediaDevices.getUserMedia({
      video: { facingMode: "environment", width: { ideal: 1920 }, height: { ideal: 1080 } },
    });
  } catch (error) {
    if (matchMedia("(pointer: coarse)").matches) return byId("shooter", HTMLInputElement).click();
    return tell(`Cannot use the camera: ${messageOf(error)}.`, "problem");
  }
  const dialog = byId("camera-dialog", HTMLDialogElement), video = byId("camera-view", HTMLVideoElement);
  video.srcObject = stream;
  dialog.returnValue = "";
  dialog.addEventListener("close", () => {
    const isTaken = dialog.returnValue === "shoot" && video.videoWidth > 0;
    if (isTaken) {
      const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight);
      canvas.getContext("2d")?.drawImage(video, 0, 0);
      void canvas.convertToBlob({ type: "image/png" })
        .then((blob) => onPhotograph(new File([blob], "camera.png", { type: "image/png" })));
    }
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
  }, { once: true });
  dialog.showModal();
}
