/** Folders as people bring them: what is read of each, what is said, and what is left out. */
import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import sharp from "sharp";
import { inspectPhotographs } from "../../lib/datasets/import_photographs.ts";
import { encodeRle } from "../../lib/io/rle.ts";
import { inFolder } from "../helpers/temporary_folder.ts";
import {
  AREA,
  BOX,
  coco,
  CORNERS,
  cvat,
  type FolderCase,
  GREY,
  HOLE,
  labelme,
  MASK,
  OTHER_PHOTO,
  packBrush,
  PHOTO,
  RING,
  SHARES,
  studio,
  testFolders,
  write,
  yolo,
} from "./folder_cases.ts";
import { boxMask, OPTIONS, pattern, writeBytes, writeRgbaImage } from "./photo_fixtures.ts";

const CASES: readonly FolderCase[] = [
  ["mask/ of another name", { "a.png": PHOTO, "mask/a.png": GREY }, { areas: [AREA] }, "auto"],
  ["VOC's folders", {
    "JPEGImages/a.png": PHOTO,
    "SegmentationObject/a.png": GREY,
    "Annotations/a.xml": "<a/>",
  }, {
    areas: [AREA],
    ignored: ["Annotations/a.xml"],
  }, "auto"],
  ["NAME_mask.png beside the image", { "a.png": PHOTO, "a_mask.png": GREY }, { areas: [AREA] }, "auto"],
  ["x_mask.png and x.jpg.png in masks/", {
    "images/a.png": PHOTO,
    "images/b.png": OTHER_PHOTO,
    "masks/a_mask.png": GREY,
    "masks/b.jpg.png": GREY,
  }, { areas: [AREA, AREA] }],
  ["two masks of one name", { "images/a.png": PHOTO, "masks/a.png": GREY, "masks/a.tif.png": GREY }, {
    areas: [AREA],
    ignored: ["masks/a.tif.png"],
  }],
  ["names in two normal forms of Unicode", { "images/cafe\u0301.png": PHOTO, "masks/caf\u00e9.png": GREY }, {
    areas: [AREA],
  }],
  ["raw photographs, films and pointers of Git LFS", {
    "a.png": PHOTO,
    "a_mask.png": GREY,
    "b.CR2": "II*",
    "c.mp4": "",
    "d.png": "version https://git-lfs.github.com/spec/v1\n",
  }, {
    areas: [AREA],
    kinds: ["unreadable"],
    ignored: ["b.CR2", "c.mp4"],
    told: ["Git LFS"],
  }],
  [".jfif", { "images/a.jfif": PHOTO, "masks/a.png": GREY }, { areas: [AREA] }],
  ["part labels of 16 bits", { "images/a.png": PHOTO, "masks/a.png": GREY, "parts/README.txt": "" }, {
    areas: [AREA],
    ignored: ["parts/README.txt"],
  }],
  ["COCO under another name, with a byte order mark", {
    "images/a.png": PHOTO,
    "result.json": "\ufeff" + JSON.stringify(coco()),
  }, { areas: [AREA] }],
  ["COCO in splits", {
    "train/a.png": PHOTO,
    "train/_annotations.coco.json": coco(),
    "valid/a.png": OTHER_PHOTO,
    "valid/_annotations.coco.json": coco(),
  }, { areas: [AREA, AREA] }],
  ["COCO with a heading of the same name", {
    "a.png": PHOTO,
    "annotations.json": coco({
      categories: [{ id: 0, name: "bird", supercategory: "none" }, {
        id: 1,
        name: "Bird",
        supercategory: "bird",
      }],
    }),
  }, { areas: [AREA] }],
  ["COCO with ids as texts and backslashes", {
    "images/a.png": PHOTO,
    "annotations.json": coco({
      images: [{ id: "1", file_name: "data\\a.png" }],
      categories: [{ id: "1", name: "BIRD" }],
    }),
  }, { areas: [AREA] }],
  ["COCO with a polygon that stands alone", {
    "a.png": PHOTO,
    "annotations.json": coco({}, { segmentation: RING }),
  }, { areas: [AREA] }],
  ["COCO with a hole by its winding", {
    "a.png": PHOTO,
    "annotations.json": coco({}, { segmentation: [RING, HOLE] }),
  }, { areas: [AREA - 400] }],
  ["COCO with a piece in a piece by its area", {
    "a.png": PHOTO,
    "annotations.json": coco({}, { segmentation: [RING, HOLE], area: AREA }),
  }, { areas: [AREA] }],
  ["COCO: one bad annotation among good ones", {
    "a.png": PHOTO,
    "annotations.json": coco({
      annotations: [...coco().annotations, { id: 2, image_id: 1, category_id: 1, segmentation: "x" }],
    }),
  }, { areas: [AREA], kinds: ["dropped_annotation"] }],
  ["COCO: numbers that are none, as Python writes them", {
    "a.png": PHOTO,
    "annotations.json": JSON.stringify(coco({}, { area: 0, note: "NaN" })).replace('"area":0', '"area":NaN'),
  }, { areas: [AREA] }],
  ["COCO: sides as texts, and one bad image among good ones", {
    "a.png": PHOTO,
    "annotations.json": coco({
      images: [{ id: 1, file_name: "a.png", width: "100", height: "80" }, { id: 2, width: 100, height: 80 }],
    }),
  }, { areas: [AREA], kinds: ["dropped_annotation"], told: ["images.1.file_name"] }],
  ["COCO: names with the escapes of addresses", {
    "images/a b.png": PHOTO,
    "annotations.json": coco({ images: [{ id: 1, file_name: "a%20b.png" }] }),
  }, { areas: [AREA] }],
  ["COCO: boxes alone", { "a.png": PHOTO, "annotations.json": coco({}, { segmentation: [] }) }, {
    areas: [],
    kinds: ["no_mask"],
    told: ["segmentation"],
  }],
  ["COCO: an id for two images", {
    "a.png": PHOTO,
    "b.png": OTHER_PHOTO,
    "annotations.json": coco({ images: [{ id: 1, file_name: "a.png" }, { id: 1, file_name: "b.png" }] }),
  }, { areas: [], kinds: ["bad_annotation", "bad_annotation"] }],
  ["COCO: a region of many objects beside one", {
    "a.png": PHOTO,
    "annotations.json": coco({
      annotations: [...coco().annotations, {
        id: 2,
        image_id: 1,
        category_id: 1,
        iscrowd: 1,
        segmentation: { size: [80, 100], counts: encodeRle(MASK, 80, 100) },
      }],
    }),
  }, { areas: [AREA], kinds: ["crowd"] }],
  ["YOLO: names in one line", yolo("names: {0: cat, 1: bird}\n"), { areas: [AREA] }],
  ["YOLO: names with comments", yolo("# Classes\nnames: # of them\n  0: cat # a\n  1: 'Bird' # b\n"), {
    areas: [AREA],
  }],
  ["YOLO: names with CRLF", yolo("path: x\r\nnames:\r\n  0: cat\r\n  1: bird\r\n"), { areas: [AREA] }],
  ["YOLO: names in a list over lines", yolo("names: [\n  cat,\n  bird, # last\n]\n"), { areas: [AREA] }],
  ["YOLO: numbers beyond the names", yolo("names: [bird]\n"), {
    areas: [40],
    kinds: ["dropped_annotation"],
  }],
  ["YOLO: a number without a name", { ...yolo("names: ['bird']\n"), "labels/a.txt": `7 ${SHARES}\n` }, {
    error: ["bird", "class 7", "data.yaml", 0],
  }],
  ["YOLO: key points", yolo("names: [cat, bird]\nkpt_shape: [4, 3]\n"), {
    error: ["data.yaml", "kpt_shape"],
  }],
  ["a photograph in place of a mask", { "images/a.png": PHOTO, "masks/a.png": OTHER_PHOTO }, {
    areas: [],
    kinds: ["no_mask"],
  }],
  ["names in capitals", { "images/A.png": PHOTO, "masks/a.PNG": GREY }, { areas: [AREA] }],
  ["an object that covers most of the border", {
    "images/a.png": PHOTO,
    "masks/a.png": boxMask(80, 100, [0, 0, 100, 60]).map((value) => 255 * value),
  }, { areas: [6000], kinds: ["covers_border"] }],
  ["YOLO: names that are no YAML", yolo("names: [bird\n"), { error: ["data.yaml", "YAML", "line 2"] }],
  ["labelme", {
    "a.png": PHOTO,
    "a.json": labelme([{ label: "Bird", points: CORNERS, shape_type: "polygon" }]),
  }, { areas: [AREA] }],
  ["labelme: pieces of one group, and a box", {
    "a.png": PHOTO,
    "a.json": labelme([
      { label: "bird", points: [[10, 20], [20, 20], [20, 70], [10, 70]], group_id: 1 },
      { label: "bird", points: [[70, 20], [80, 20], [80, 70], [70, 70]], group_id: 1 },
      { label: "bird", points: [[0, 0], [5, 5]], shape_type: "rectangle" },
    ]),
  }, { areas: [1000], kinds: ["dropped_annotation", "fragmented"] }],
  ["Label Studio", {
    "images/a.png": PHOTO,
    "export.json": studio({ points: CORNERS.map(([x, y]) => [x, y / 0.8]), polygonlabels: ["bird"] }),
  }, { areas: [AREA] }],
  ["Label Studio's brush", {
    "a.png": PHOTO,
    "export.json": studio({ format: "rle", rle: packBrush(GREY), brushlabels: ["bird"] }, "brushlabels"),
  }, { areas: [AREA] }],
  ["CVAT", {
    "images/a.png": PHOTO,
    "annotations.xml": cvat(
      `<polygon label="bird" points="${CORNERS.map((c) => c.join(",")).join(";")}" z_order="0"></polygon>`,
    ),
  }, { areas: [AREA] }],
  ["labelme: boxes alone", {
    "a.png": PHOTO,
    "a.json": labelme([{ label: "bird", points: [[0, 0], [5, 5]], shape_type: "rectangle" }]),
  }, { areas: [], kinds: ["no_mask"], told: ["bird", "rectangle", "polygon"] }],
  ["Label Studio: boxes alone", {
    "a.png": PHOTO,
    "export.json": studio({ x: 1, y: 1, width: 9, height: 9, rectanglelabels: ["bird"] }, "rectanglelabels"),
  }, { areas: [], kinds: ["no_mask"], told: ["bird", "box", "polygon"] }],
  ["CVAT: boxes alone", {
    "a.png": PHOTO,
    "annotations.xml": cvat('<box label="bird" xtl="1" ytl="1" xbr="9" ybr="9"/>'),
  }, { areas: [], kinds: ["no_mask"], told: ["bird", "box", "polygon"] }],
  ["CVAT for video", {
    "a.png": PHOTO,
    "annotations.xml": '<annotations>\n<track id="0" label="bird"></track>\n</annotations>\n',
  }, { error: ["annotations.xml", "CVAT for video", "CVAT for images"] }],
  ["CVAT's masks", {
    "a.png": PHOTO,
    "annotations.xml": cvat(`<mask label="bird" rle="0, 3500" left="10" top="20" width="70" height="50"/>`),
  }, { areas: [AREA] }],
];

testFolders(CASES);

Deno.test("photographs that are stored turned: masks of either orientation fit, and what cannot be told is noted", () =>
  inFolder(async (folder) => {
    const upright = boxMask(80, 100, BOX); // as shown
    const stored = Uint8Array.from(
      { length: 8000 },
      (_, p) => upright[(p % 80) * 100 + 99 - Math.floor(p / 80)],
    ); // [100, 80]
    const photograph = sharp(pattern(100, 80), { raw: { width: 80, height: 100, channels: 3 } }).withMetadata(
      { orientation: 6 },
    );
    const grey = (data: Uint8Array, height: number, width: number) =>
      writeBytes(folder, "masks/a.png", data.map((value) => 255 * value), height, width);
    await Deno.mkdir(join(folder, "images"));
    await Deno.writeFile(join(folder, "images/a.jpg"), await photograph.jpeg().toBuffer());
    const found = async (): Promise<unknown[]> => {
      const { images: [{ area, box, problems }] } = (await inspectPhotographs(folder, OPTIONS)).report;
      return [area, box && [...box], problems.filter((kind) => kind !== "small")];
    };
    await grey(upright, 80, 100);
    assertEquals(await found(), [AREA, BOX, []]);
    await grey(stored, 100, 80);
    assertEquals(await found(), [AREA, BOX, ["turned_photograph"]]);
    const square = sharp(pattern(80, 80), { raw: { width: 80, height: 80, channels: 3 } }).withMetadata({
      orientation: 6,
    });
    await Deno.writeFile(join(folder, "images/a.jpg"), await square.jpeg().toBuffer());
    await grey(boxMask(80, 80, [10, 20, 60, 70]), 80, 80);
    assertEquals((await found())[2], ["turned_photograph"]);
  }));

Deno.test("links that lead back are not followed without end", () =>
  inFolder(async (folder) => {
    await write(folder, { "deep/down/a.png": PHOTO, "masks/a.png": GREY });
    await Deno.symlink(folder, join(folder, "deep/down/back"));
    const { report } = await inspectPhotographs(folder, OPTIONS);
    assertEquals(report.images.map(({ file, area }) => [file, area]), [["deep/down/a.png", AREA]]);
  }));

Deno.test("inverted masks are turned and told; where most of a set are, those that are cut off are, too", () =>
  inFolder(async (folder) => {
    const masks = { a: MASK, b: boxMask(80, 100, [20, 10, 70, 60]), c: boxMask(80, 100, [0, 20, 60, 80]) };
    for (const [name, mask] of Object.entries(masks)) {
      await writeBytes(folder, `images/${name}.png`, pattern(80, 100), 80, 100);
      await writeBytes(folder, `masks/${name}.png`, mask.map((value) => value ? 0 : 255), 80, 100);
    }
    const { report } = await inspectPhotographs(folder, OPTIONS);
    assertEquals(report.images.map(({ area }) => area), [3500, 2500, 3600]);
    assertEquals(report.problems.filter(({ kind }) => kind === "inverted_mask").length, 3);
    await writeRgbaImage(folder, "images/d.png", MASK.map((value) => 1 - value));
    await Deno.remove(join(folder, "masks"), { recursive: true });
    const { report: rgbaImages } = await inspectPhotographs(folder, OPTIONS);
    assertEquals(rgbaImages.images.at(-1)!.area, AREA);
  }));
