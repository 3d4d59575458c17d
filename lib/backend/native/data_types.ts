/**
 * TensorFlow's codes of element types and of attribute kinds.
 *
 * @module
 */

/** Codes of element types (`TF_DataType`). */
export const DATA_TYPES = {
  float32: 1,
  float64: 2,
  int32: 3,
  uint8: 4,
  string: 7,
  complex64: 8,
  int64: 9,
  bool: 10,
  bfloat16: 14,
  resource: 20,
} as const;

/** Kinds of attributes, numbered as the kernel layer numbers them. */
export const ATTRIBUTE_KINDS = {
  string: 0,
  int: 1,
  float: 2,
  bool: 3,
  type: 4,
  shape: 5,
  function: 6,
  resource: 20,
} as const;

/** Bytes of an element of a fixed-size type; 0 for the others. */
export function elementBytes(dataType: number): number {
  switch (dataType) {
    case DATA_TYPES.complex64:
    case DATA_TYPES.int64:
    case DATA_TYPES.float64:
      return 8;
    case DATA_TYPES.float32:
    case DATA_TYPES.int32:
      return 4;
    case DATA_TYPES.bool:
    case DATA_TYPES.uint8:
      return 1;
    default:
      return 0;
  }
}

/** Name of an element type, for messages. */
export function dataTypeName(dataType: number): string {
  return Object.entries(DATA_TYPES).find(([, code]) => code === dataType)?.[0] ?? `type ${dataType}`;
}
