/**
 * Images as files hold them.
 *
 * @module
 */

/** An image of 8-bit values, `[H, W, C]`, row 0 at the top. */
export interface ByteImage {
  /** Values 0 to 255, `[H, W, C]`. */
  readonly data: Uint8Array;
  /** Rows, H. */
  readonly height: number;
  /** Columns, W. */
  readonly width: number;
  /** Channels: 1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha. */
  readonly channels: number;
  /** How the camera noted that the image is stored (EXIF, 1 to 8), which was applied; 1 if left out. */
  readonly orientation?: number;
}

/** An image with the values that its file holds, as masks and labels need them, `[H, W, C]`. */
export interface DeepImage extends Omit<ByteImage, "data"> {
  /** Values 0 to 255 or 0 to 65535, `[H, W, C]`. */
  readonly data: Uint8Array | Uint16Array;
  /** Whether the format may have changed values a little, as JPEG does; not if left out. */
  readonly isLossy?: boolean;
}
