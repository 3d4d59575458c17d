import { assert, assertEquals } from "@std/assert";
import validator from "gltf-validator";
import { UserError } from "../../lib/core/errors.ts";
import { WorkerPool } from "../../lib/core/worker_pool.ts";
import { azimuthError } from "../../lib/metrics/azimuth_error.ts";
import { choosePhotoPoses } from "../../lib/photo/choose_photo_poses.ts";
import { encodePhotoMesh } from "../../lib/photo/photo_mesh.ts";
import { directionOfPose, poseOfDirection, sideOfAzimuth } from "../../lib/photo/photo_pose.ts";
import { PHOTO_KIND } from "../../lib/photo/photo_task.ts";
import { photoToMesh } from "../../lib/photo/photo_to_mesh.ts";
import { loadTemplates } from "../../lib/templates/load_templates.ts";
import { assertRejectsWith } from "../helpers/assert_facts.ts";
import { drawPhoto } from "./_drawn_photo.ts";
import { slowTest } from "../helpers/slow_test.ts";

const [car] = await loadTemplates("car", "singletpl");
const OPTIONS = { textureResolution: 256 };

Deno.test("a photograph becomes a valid GLB in the pose that it was drawn in, the same with workers and without", async () => {
  const { image, mask } = drawPhoto(car, 40);
  const { candidates, classes } = await photoToMesh(image, mask, [car], OPTIONS);
  const [mesh] = candidates;
  assert(azimuthError(mesh.azimuth, 40) < 6, `azimuth ${mesh.azimuth}`);
  assert(Math.abs(mesh.elevation - 10) < 6, `elevation ${mesh.elevation}`);
  assert(mesh.iou > 0.97, `IoU ${mesh.iou}`);
  assertEquals([classes.length, mesh.template, mesh.category], [1, car.name, "car"]);
  const { issues } = await validator.validateBytes(await encodePhotoMesh(mesh, "car"));
  assertEquals([issues.numErrors, issues.numWarnings], [0, 0]);
  const pool = await WorkerPool.start(PHOTO_KIND, null, 2);
  try {
    const other = await photoToMesh(image, mask, [car], { ...OPTIONS, pool });
    assertEquals(
      other.candidates.map(({ vertices }) => vertices),
      candidates.map(({ vertices }) => vertices),
    );
  } finally {
    pool.close();
  }
});

slowTest("a photograph from the front is offered both ways round, and a person's word decides", async () => {
  const { image, mask } = drawPhoto(car, 0);
  const { candidates: [first, second], isDoubtful } = await photoToMesh(image, mask, [car], OPTIONS);
  assert(isDoubtful && second !== undefined);
  const errors = [first, second].map(({ azimuth }) => azimuthError(azimuth, 0));
  assert(Math.min(...errors) < 8 && Math.max(...errors) > 170, `${errors}`);
  const { candidates: [flipped, ...others] } = await photoToMesh(image, mask, [car], {
    ...OPTIONS,
    flip: true,
  });
  assertEquals(others, []);
  assert(azimuthError(flipped.azimuth, second.azimuth) < 1);
  for (const azimuth of [0, 180]) {
    const { candidates: [asked] } = await photoToMesh(image, mask, [car], { ...OPTIONS, azimuth });
    assert(azimuthError(asked.azimuth, azimuth) < 45, `${asked.azimuth} for ${azimuth}`);
  }
});

Deno.test("the class is found among several, and masks that cannot be used are refused in a sentence", async () => {
  const templates = [
    car,
    ...await loadTemplates("airplane", "singletpl"),
    ...await loadTemplates("cow", "singletpl"),
  ];
  const { image, mask } = drawPhoto(templates[2], 80);
  const { candidates: [mesh], classes } = await photoToMesh(image, mask, templates, OPTIONS);
  assertEquals(mesh.category, "cow");
  assert(classes.length >= 2);
  assert(
    classes[0].category === "cow" && classes[0].score > classes[1].score + 0.02,
    JSON.stringify(classes),
  );
  await assertRejectsWith(
    () => photoToMesh(image, mask.map(() => 0), [car]),
    UserError,
    `0 of ${mask.length}`,
  );
  await assertRejectsWith(() => photoToMesh(image, mask.map(() => 1), [car]), UserError, mask.length);
  await assertRejectsWith(() => photoToMesh(image, mask.subarray(1), [car]), TypeError, mask.length - 1);
  await assertRejectsWith(() => photoToMesh(image, mask, []), RangeError, "0 templates");
});

Deno.test("directions are told as 0 for the front and 90 for the front to the image's left", () => {
  for (const [azimuth, side] of [[0, "front"], [90, "left"], [180, "rear"], [315, "front right"]] as const) {
    const direction = directionOfPose(poseOfDirection({ azimuth, elevation: 20 }, car.vertices));
    assert(azimuthError(direction.azimuth, azimuth) < 1e-4 && Math.abs(direction.elevation - 20) < 1e-4);
    assertEquals(sideOfAzimuth(azimuth), side);
  }
  assertEquals(sideOfAzimuth(359), "front");
});

Deno.test("a rival is offered only where it fits nearly as well and looks elsewhere", () => {
  const posed = (azimuth: number, score: number) => ({
    ...{
      pose: poseOfDirection({ azimuth, elevation: 10 }, car.vertices),
      template: 0,
      iou: score,
      score,
    },
  });
  const best = posed(0, 0.9), near = posed(40, 0.899), rear = posed(180, 0.89), worse = posed(180, 0.8);
  assertEquals(choosePhotoPoses([best, near, rear]), { poses: [best, rear], isDoubtful: true });
  assertEquals(choosePhotoPoses([best, near, worse]), { poses: [best], isDoubtful: false });
  assertEquals(choosePhotoPoses([best, near, worse], { flip: true }).poses, [worse]);
  assertEquals(choosePhotoPoses([best, near, worse], { azimuth: 190 }).poses, [worse]);
  assertEquals(choosePhotoPoses([best], { azimuth: 90 }).poses, []);
});
