/**
 * A small writer of MAT files of version 5, for tests.
 *
 * @module
 */
import { zlibSync } from "fflate";
import type { MatValue } from "../../original/files/mat.ts";
import { concatBytes } from "../../lib/core/protocol_buffer.ts";

/** Numbers with a shape, column by column. */
export function matNumbers(
  values: readonly number[],
  shape: readonly number[] = [1, values.length],
): MatValue {
  return { kind: "numbers", data: Float64Array.from(values), shape };
}

/** A text. */
export function matText(text: string): MatValue {
  return { kind: "text", text };
}

/** A row of structs; all have the fields of the first one. */
export function matStructs(records: readonly Record<string, MatValue>[]): MatValue {
  return { kind: "structs", records, shape: [1, records.length] };
}

/** A row of cells. */
export function matCells(values: readonly MatValue[]): MatValue {
  return { kind: "cells", values, shape: [1, values.length] };
}

/** The bytes of a file. */
export function encodeMat(variables: Readonly<Record<string, MatValue>>, compressed = false): Uint8Array {
  const header = new Uint8Array(128);
  header.set(new TextEncoder().encode("MATLAB 5.0 MAT-file, a fixture".padEnd(116)));
  header.set([0x00, 0x01, 0x49, 0x4d], 124); // version 0x0100, "IM"
  const elements = Object.entries(variables).map(([name, value]) => {
    const element = matrix(name, value);
    return compressed ? tagged(15, zlibSync(element), false) : element;
  });
  return concatBytes([header, ...elements]);
}

function matrix(name: string, value: MatValue): Uint8Array {
  const shape = value.kind === "text" ? [1, value.text.length] : value.shape;
  const kind = { cells: 1, structs: 2, text: 4, numbers: 6 }[value.kind];
  const head = [
    tagged(6, new Uint8Array(Uint32Array.of(kind, 0).buffer)),
    tagged(5, new Uint8Array(Int32Array.from(shape).buffer)),
    tagged(1, new TextEncoder().encode(name)),
  ];
  return tagged(14, concatBytes([...head, ...content(value)]));
}

function content(value: MatValue): Uint8Array[] {
  switch (value.kind) {
    case "numbers":
      return [tagged(9, new Uint8Array(value.data.slice().buffer))];
    case "text":
      return [tagged(4, new Uint8Array(Uint16Array.from(value.text, (c) => c.charCodeAt(0)).buffer))];
    case "cells":
      return value.values.map((cell) => matrix("", cell));
    case "structs": {
      const fields = Object.keys(value.records[0] ?? {});
      const names = fields.map((field) => new TextEncoder().encode(field.padEnd(32, "\0")));
      return [
        tagged(5, new Uint8Array(Int32Array.of(32).buffer)),
        tagged(1, concatBytes(names)),
        ...value.records.flatMap((record) => fields.map((field) => matrix("", record[field]))),
      ];
    }
  }
}

/** An element: small ones stand in their tag. */
function tagged(type: number, bytes: Uint8Array, pad = true): Uint8Array {
  const small = pad && bytes.length > 0 && bytes.length <= 4;
  const length = small ? 8 : 8 + (pad ? Math.ceil(bytes.length / 8) * 8 : bytes.length);
  const element = new Uint8Array(length);
  const view = new DataView(element.buffer);
  if (small) view.setUint32(0, type | bytes.length << 16, true);
  else {
    view.setUint32(0, type, true);
    view.setUint32(4, bytes.length, true);
  }
  element.set(bytes, small ? 4 : 8);
  return element;
}
