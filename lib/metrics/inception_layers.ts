/**
 * The layers of Inception v3 up to its last average pooling, as data.
 *
 * @module
 */

/** How a convolution moves: step 1 with zeros around, step 1 without, or step 2 without. */
export type ConvolutionMode = "same" | "valid" | "halving";

/** A convolution with its batch norm and ReLU. */
export interface InceptionConvolution {
  /** Name of its entries in the state dict, without `.conv` and `.bn`. */
  readonly name: string;
  /** Channels in. */
  readonly inChannels: number;
  /** Channels out. */
  readonly outChannels: number;
  /** Rows and columns of the kernel. */
  readonly kernel: readonly [number, number];
  /** How it moves. */
  readonly mode: ConvolutionMode;
}

/** A step of a branch: one convolution, several side by side, or a 3 × 3 pooling. */
export type InceptionStep = readonly InceptionConvolution[] | "average" | "maximum";

/** A layer: branches side by side, whose results are concatenated. */
export interface InceptionLayer {
  /** Its name in the state dict, or of a pooling. */
  readonly name: string;
  /** Its branches. */
  readonly branches: readonly (readonly InceptionStep[])[];
  /** Channels out. */
  readonly outChannels: number;
}

/** A convolution: name, channels out, rows and columns of its kernel, mode. */
type Row = readonly [string, number, number, number, ConvolutionMode?];
type StepRow = Row | readonly Row[] | "average" | "maximum";

/** All layers in order. */
export const INCEPTION_LAYERS: readonly InceptionLayer[] = layers();

/** All convolutions. */
export const INCEPTION_CONVOLUTIONS: readonly InceptionConvolution[] = INCEPTION_LAYERS.flatMap(
  ({ branches }) => branches.flat().flatMap((step) => typeof step === "string" ? [] : step),
);

function layers(): InceptionLayer[] {
  const list: InceptionLayer[] = [];
  let channels = 3;
  const add = (name: string, branches: readonly (readonly StepRow[])[]) => {
    const layer = makeLayer(name, channels, branches);
    list.push(layer);
    channels = layer.outChannels;
  };
  const plain = (name: string, out: number, side: number, mode: ConvolutionMode) =>
    add(name, [[["", out, side, side, mode]]]);
  plain("Conv2d_1a_3x3", 32, 3, "halving");
  plain("Conv2d_2a_3x3", 32, 3, "valid");
  plain("Conv2d_2b_3x3", 64, 3, "same");
  add("maxpool1", [["maximum"]]);
  plain("Conv2d_3b_1x1", 80, 1, "valid");
  plain("Conv2d_4a_3x3", 192, 3, "valid");
  add("maxpool2", [["maximum"]]);
  add("Mixed_5b", small(32));
  add("Mixed_5c", small(64));
  add("Mixed_5d", small(64));
  add("Mixed_6a", [
    [["branch3x3", 384, 3, 3, "halving"]],
    [["branch3x3dbl_1", 64, 1, 1], ["branch3x3dbl_2", 96, 3, 3], ["branch3x3dbl_3", 96, 3, 3, "halving"]],
    ["maximum"],
  ]);
  add("Mixed_6b", long(128));
  add("Mixed_6c", long(160));
  add("Mixed_6d", long(160));
  add("Mixed_6e", long(192));
  add("Mixed_7a", [
    [["branch3x3_1", 192, 1, 1], ["branch3x3_2", 320, 3, 3, "halving"]],
    [
      ["branch7x7x3_1", 192, 1, 1],
      ["branch7x7x3_2", 192, 1, 7],
      ["branch7x7x3_3", 192, 7, 1],
      ["branch7x7x3_4", 192, 3, 3, "halving"],
    ],
    ["maximum"],
  ]);
  add("Mixed_7b", wide());
  add("Mixed_7c", wide());
  return list;
}

/** Branches of a layer with kernels of 5 × 5 and 3 × 3. */
function small(poolChannels: number): StepRow[][] {
  return [
    [["branch1x1", 64, 1, 1]],
    [["branch5x5_1", 48, 1, 1], ["branch5x5_2", 64, 5, 5]],
    [["branch3x3dbl_1", 64, 1, 1], ["branch3x3dbl_2", 96, 3, 3], ["branch3x3dbl_3", 96, 3, 3]],
    ["average", ["branch_pool", poolChannels, 1, 1]],
  ];
}

/** Branches of a layer with kernels of 7 in a row, `q` channels inside. */
function long(q: number): StepRow[][] {
  return [
    [["branch1x1", 192, 1, 1]],
    [["branch7x7_1", q, 1, 1], ["branch7x7_2", q, 1, 7], ["branch7x7_3", 192, 7, 1]],
    [
      ["branch7x7dbl_1", q, 1, 1],
      ["branch7x7dbl_2", q, 7, 1],
      ["branch7x7dbl_3", q, 1, 7],
      ["branch7x7dbl_4", q, 7, 1],
      ["branch7x7dbl_5", 192, 1, 7],
    ],
    ["average", ["branch_pool", 192, 1, 1]],
  ];
}

/** Branches of a layer whose 3 × 3 kernels are split into two, side by side. */
function wide(): StepRow[][] {
  return [
    [["branch1x1", 320, 1, 1]],
    [["branch3x3_1", 384, 1, 1], [["branch3x3_2a", 384, 1, 3], ["branch3x3_2b", 384, 3, 1]]],
    [
      ["branch3x3dbl_1", 448, 1, 1],
      ["branch3x3dbl_2", 384, 3, 3],
      [["branch3x3dbl_3a", 384, 1, 3], ["branch3x3dbl_3b", 384, 3, 1]],
    ],
    ["average", ["branch_pool", 192, 1, 1]],
  ];
}

function makeLayer(
  name: string,
  inChannels: number,
  branches: readonly (readonly StepRow[])[],
): InceptionLayer {
  let outChannels = 0;
  const made = branches.map((rows) => {
    let channels = inChannels;
    const steps = rows.map((row): InceptionStep => {
      if (row === "average" || row === "maximum") return row;
      const sideBySide = (typeof row[0] === "string" ? [row] : row) as readonly Row[];
      const from = channels;
      channels = sideBySide.reduce((sum, [, out]) => sum + out, 0);
      return sideBySide.map(([branch, out, height, width, mode = "same"]) => ({
        name: branch === "" ? name : `${name}.${branch}`,
        inChannels: from,
        outChannels: out,
        kernel: [height, width],
        mode,
      }));
    });
    outChannels += channels;
    return steps;
  });
  return { name, branches: made, outChannels };
}
