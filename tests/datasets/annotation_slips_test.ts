/** Annotations and names with the slips that people and tools make: what is read all the same, and what is said. */
import { encodeRle } from "../../lib/io/rle.ts";
import {
  AREA,
  coco,
  CORNERS,
  cvat,
  type FolderCase,
  GREY,
  labelme,
  MASK,
  OTHER_PHOTO,
  PHOTO,
  RING,
  SHARES,
  studio,
  testFolders,
  yolo,
} from "./folder_cases.ts";

const [LEFT, RIGHT] = [[10, 45], [45, 80]].map(([x1, x2]) => [x1, 20, x2, 20, x2, 70, x1, 70]);
const SHAPE = { label: "bird", points: CORNERS, shape_type: "polygon" };
const POINTS = CORNERS.map((corner) => corner.join(",")).join(";");
const POLYGON = { points: CORNERS.map(([x, y]) => [x, y / 0.8]), polygonlabels: ["bird"] };
const RUNS = { size: [80, 100], counts: encodeRle(MASK, 80, 100) };

const ofCoco = (file: object | string): FolderCase[1] => ({ "a.png": PHOTO, "annotations.json": file });
const inOne = (image: string, mask: string): FolderCase[1] => ({ [image]: PHOTO, [mask]: GREY });
const dropped = { areas: [AREA], kinds: ["dropped_annotation"] };

const CASES: readonly FolderCase[] = [
  [
    "COCO: an annotation twice",
    ofCoco(coco({ annotations: [...coco().annotations, ...coco().annotations] })),
    {
      ...dropped,
      told: ["annotation 1", "image 1"],
    },
  ],
  [
    "COCO: a polygon and another one of the same image",
    ofCoco(coco({
      annotations: [LEFT, RIGHT].map((ring, id) => ({
        id,
        image_id: 1,
        category_id: 1,
        segmentation: [ring],
      })),
    })),
    { areas: [AREA / 2, AREA / 2] },
  ],
  ["COCO: two pieces that touch", ofCoco(coco({}, { segmentation: [LEFT, RIGHT] })), { areas: [AREA] }],
  ["COCO: a polygon that ends where it began", ofCoco(coco({}, { segmentation: [[...RING, 10, 20]] })), {
    areas: [AREA],
  }],
  [
    "COCO: a polygon among which one has two corners",
    ofCoco(coco({}, { segmentation: [RING, [1, 1, 2, 2]] })),
    {
      ...dropped,
      told: ["annotation 1", "polygons"],
    },
  ],
  ["COCO: a list of an empty polygon", ofCoco(coco({}, { segmentation: [[]] })), {
    areas: [],
    kinds: ["no_mask"],
    told: ["segmentation"],
  }],
  [
    "COCO: no segmentation at all",
    ofCoco(coco({
      annotations: [{ id: 1, image_id: 1, category_id: 1, mask_file: undefined, bbox: [1, 1, 9, 9] }],
    })),
    { areas: [], kinds: ["no_mask"], told: ["segmentation"] },
  ],
  [
    "COCO: panoptic",
    ofCoco(coco({
      annotations: [{ image_id: 1, category_id: 1, file_name: "a.png", segments_info: [{ id: 1 }] }],
    })),
    { areas: [], kinds: ["no_mask"], told: ["segments_info"] },
  ],
  [
    "COCO: fields of no matter that are wrong",
    ofCoco(coco({
      images: [{ id: 1, file_name: "a.png", width: "100", height: "80" }],
      categories: [{ id: 1, name: "bird", supercategory: 7 }],
    }, { area: "3500", iscrowd: "0" })),
    { areas: [AREA] },
  ],
  [
    "COCO: one bad category among good ones",
    ofCoco(coco({
      categories: [{ id: 1, name: "bird" }, { id: null, name: "dog" }],
    })),
    { ...dropped, told: ["categories.1.id", "null"] },
  ],
  [
    "COCO: a class called by a number",
    ofCoco(coco({ categories: [{ id: 1, name: "bird" }, { id: 2, name: 7 }] })),
    {
      areas: [AREA],
    },
  ],
  [
    "COCO: addresses in place of names",
    ofCoco(coco({
      images: [{ id: 1, file_name: "https://host.example/deep/a.png?width=9#x" }],
    })),
    { areas: [AREA] },
  ],
  ["COCO: names with a drive", ofCoco(coco({ images: [{ id: 1, file_name: "C:\\\\data\\\\A.PNG" }] })), {
    areas: [AREA],
  }],
  ["COCO in UTF-16", { "a.png": PHOTO, "annotations.JSON": JSON.stringify(coco()) }, { areas: [AREA] }],
  ["COCO: a crowd alone, as a polygon", ofCoco(coco({}, { iscrowd: 1 })), {
    error: ["annotations.json", "bird", "annotation 1", "image 1", "iscrowd"],
  }],
  ["COCO: a crowd alone, as run lengths", ofCoco(coco({}, { iscrowd: 1, segmentation: RUNS })), {
    areas: [AREA],
  }],
  ["COCO: results of a detector", ofCoco([{ image_id: 1, category_id: 1, segmentation: RUNS, score: 0.9 }]), {
    error: ["annotations.json", "'detect'", "'results'"],
  }],
  ["YOLO: folders in capitals", {
    "Images/a.png": PHOTO,
    "Labels/a.TXT": `1 ${SHARES}\n`,
    "data.yaml": "names: [cat, bird]\n",
  }, { areas: [AREA] }],
  ["YOLO: one name that is no list, a key twice", {
    ...yolo("nc: 1\nnc: 1\nnames: bird\n"),
    "labels/a.txt": `0.0 ${SHARES}\r\n`,
  }, { areas: [AREA] }],
  ["YOLO: a file without a line", { ...yolo("names: [cat, bird]\n"), "labels/a.txt": "" }, {
    error: ["images/a.png", "bird"],
  }],
  ["YOLO: a score behind the corners", {
    ...yolo("names: [cat, bird]\n"),
    "labels/a.txt": `1 ${SHARES} 0.9\n`,
  }, {
    areas: [],
    kinds: ["bad_annotation"],
    told: ["line 1", 9],
  }],
  ["labelme: one bad shape among good ones, sides as texts", {
    "a.png": PHOTO,
    "a.json": { ...labelme([SHAPE, { label: "bird", points: null }]), imageHeight: "80", imageWidth: "100" },
  }, { ...dropped, told: ["shapes.1.points", "null"] }],
  ["labelme: two corners among polygons", {
    "a.png": PHOTO,
    "a.json": labelme([SHAPE, { ...SHAPE, points: CORNERS.slice(0, 2) }]),
  }, { ...dropped, told: ["bird", "a.png", "polygon"] }],
  ["labelme: a damaged file among good ones", {
    "a.png": PHOTO,
    "a.json": labelme([SHAPE]),
    "b.png": OTHER_PHOTO,
    "b.json": '{"shapes": [], "imagePath": "b.png"',
  }, { areas: [AREA], kinds: ["bad_annotation"], ignored: ["b.png"], told: ["JSON", "line 1"] }],
  ["labelme: a folder beside, with backslashes", {
    "images/a.png": PHOTO,
    "json/a.json": { ...labelme([SHAPE]), imagePath: "..\\images\\a.png" },
  }, { areas: [AREA] }],
  ["Label Studio: two people marked one image", {
    "a.png": PHOTO,
    "export.json": studio(POLYGON).map((task) => ({
      ...task,
      annotations: [...task.annotations, ...task.annotations],
    })),
  }, { ...dropped, told: ["/data/upload/1/0a1b2c3d-a.png", 2] }],
  ["Label Studio: one of two is the truth", {
    "a.png": PHOTO,
    "export.json": studio(POLYGON).map((task) => ({
      ...task,
      annotations: [
        { ...task.annotations[0], ground_truth: true },
        ...studio({ ...POLYGON, points: CORNERS.map(([x, y]) => [x / 2, y / 2]) })[0].annotations,
      ],
    })),
  }, { ...dropped, told: ["/data/upload/1/0a1b2c3d-a.png", 2, "ground_truth"] }],
  ["Label Studio: predictions alone", {
    "a.png": PHOTO,
    "export.json": studio(POLYGON).map(({ annotations, ...task }) => ({
      ...task,
      annotations: [],
      predictions: annotations,
    })),
  }, { error: ["bird", "/data/upload/1/0a1b2c3d-a.png", "predictions"] }],
  ["CVAT: escapes in names, a tag of the whole image", {
    "images/a & b.png": PHOTO,
    "annotations.xml": cvat(`<tag label="bird"/><polygon label="bird" points="${POINTS}"/>`)
      .replace("a.png", "a &amp; &#98;.png"),
  }, { areas: [AREA] }],
  ["CVAT: a corner that is none", {
    "a.png": PHOTO,
    "annotations.xml": cvat(`<polygon label="bird" points="10,20;80,x;80,70"/>`),
  }, {
    areas: [],
    kinds: ["no_mask"],
    told: ["bird", "polygon"],
  }],
  ...[
    ["train/x.png", "train_masks/x_mask.png"],
    ["ISIC_Input/x.png", "ISIC_GroundTruth/x_segmentation.png"],
    ["JPEGImages/x.png", "SegmentationClassPNG/x.png"],
    ["image/x.png", "label/x.png"],
    ["images/x.png", "binary_masks/x.png"],
    ["images/x.png", "masks/x_mask_0.png"],
    ["photo (1).png", "photo (1)_mask.png"],
    ["xY.png", "xYMask.png"],
    ["x_image.png", "x_mask.png"],
    ["deep/rgb.png", "deep/mask.png"],
    ["images/a,b #1%20.png", "masks/a,b #1%20.png"],
  ].map((
    [image, mask],
  ): FolderCase => [`mask by name: ${image}, ${mask}`, inOne(image, mask), { areas: [AREA] }, "auto"]),
  ["train_masks beside train and test", {
    ...inOne("train/x.png", "train_masks/x_mask.png"),
    "test/x.png": OTHER_PHOTO,
  }, { areas: [AREA], kinds: ["no_mask"] }],
  ["alpha_romeo is no folder of masks", { "alpha_romeo/a.png": PHOTO, "alpha_romeo/a_mask.png": GREY }, {
    areas: [AREA],
  }, "auto"],
  ["photographs of a kind that is not read", { "images/a.ppm": "P6", "masks/a.png": GREY }, {
    error: ["images/a.ppm", "PPM", "PNG"],
  }],
];

testFolders(CASES);
