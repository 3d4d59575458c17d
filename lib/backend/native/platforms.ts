/**
 * The pinned TensorFlow wheels that hold the native library, one per platform.
 *
 * @module
 */

/** TensorFlow release that setup fetches; the one that the native backend is tested with. */
export const TENSORFLOW_VERSION = "2.21.0";

/** A wheel of the Python package index, and what is taken out of it. */
export interface WheelRelease {
  /** Operating system and machine, `Deno.build.os` and `Deno.build.arch` joined by "-". */
  readonly platform: string;
  /** Whether the library drives NVIDIA GPUs. */
  readonly variant: "cpu" | "cuda";
  /** Name of the package. */
  readonly package: string;
  /** Platform tag of the wheel. */
  readonly tag: string;
  /** SHA-256 of the wheel for CPython 3.12, in hexadecimal. */
  readonly sha256: string;
  /** Size of the wheel in bytes, about. */
  readonly wheelBytes: number;
  /** Size of the unpacked libraries in bytes, about. */
  readonly libraryBytes: number;
  /** Names of the libraries, the one to open first. */
  readonly files: readonly string[];
  /** Whether the native backend was run with this library. */
  readonly tested: boolean;
}

const LINUX_FILES = ["libtensorflow_cc.so.2", "libtensorflow_framework.so.2"] as const;

/** Every wheel that setup knows. Only the first was loaded and run; the others are written from their contents. */
export const WHEEL_RELEASES: readonly WheelRelease[] = [
  {
    platform: "linux-x86_64",
    variant: "cpu",
    package: "tensorflow-cpu",
    tag: "manylinux_2_27_x86_64",
    sha256: "dcc8afd32930e42d5296b6ee19078b773706830af4ea97fbe503b9f5e0f820cb",
    wheelBytes: 274_000_871,
    libraryBytes: 853_308_936,
    files: LINUX_FILES,
    tested: true,
  },
  {
    platform: "linux-x86_64",
    variant: "cuda",
    package: "tensorflow",
    tag: "manylinux_2_27_x86_64",
    sha256: "b3b95643c4e70eb925839938fb35cbe142f317ec84af6844ee61513713bb13c0",
    wheelBytes: 572_000_000,
    libraryBytes: 1_259_000_000,
    files: LINUX_FILES,
    tested: false,
  },
  {
    platform: "linux-aarch64",
    variant: "cpu",
    package: "tensorflow",
    tag: "manylinux_2_27_aarch64",
    sha256: "b07d15737406533898e36c7ef7944b1be18e9028dc521b9229952c537bbc5552",
    wheelBytes: 282_000_000,
    libraryBytes: 883_000_000,
    files: LINUX_FILES,
    tested: false,
  },
  {
    platform: "darwin-aarch64",
    variant: "cpu",
    package: "tensorflow",
    tag: "macosx_12_0_arm64",
    sha256: "56ecd7d47429acbe1df2694d50b75bf9fc3995ac92cb367cd9af6c4780ead712",
    wheelBytes: 223_000_000,
    libraryBytes: 740_000_000,
    files: ["libtensorflow_cc.2.dylib", "libtensorflow_framework.2.dylib"],
    tested: false,
  },
  {
    platform: "windows-x86_64",
    variant: "cpu",
    package: "tensorflow",
    tag: "win_amd64",
    sha256: "27ba0682572b1e50a0db1ee74cfb787eafcfdb1b751bbbf401fed62fe32a92e0",
    wheelBytes: 351_000_000,
    libraryBytes: 1_057_000_000,
    files: ["_pywrap_tensorflow_common.dll"],
    tested: false,
  },
];

/** This machine's platform, such as "linux-x86_64". */
export function currentPlatform(): string {
  return `${Deno.build.os}-${Deno.build.arch}`;
}

/** The wheel for a platform, or null where TensorFlow offers none. */
export function wheelFor(platform: string, variant: "cpu" | "cuda" = "cpu"): WheelRelease | null {
  return WHEEL_RELEASES.find((wheel) => wheel.platform === platform && wheel.variant === variant) ?? null;
}

/** Names of the libraries on a platform, the one to open first. */
export function libraryFiles(platform: string): readonly string[] {
  return wheelFor(platform)?.files ?? LINUX_FILES;
}
