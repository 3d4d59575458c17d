/**
 * Attributes of operations.
 *
 * @module
 */
import { type Bytes, cName, encodeText } from "./c_memory.ts";
import { ATTRIBUTE_KINDS } from "./data_types.ts";
import type { Status } from "./status.ts";
import type { TensorFlowSymbols } from "./symbols.ts";

/** An attribute as the kernel layer gives it. */
export interface OperationAttribute {
  /** Name in the operation's definition. TensorFlow ignores an unknown name with a log line only. */
  readonly name: string;
  /** Kind, one of `ATTRIBUTE_KINDS`. */
  readonly type: number;
  /** Value, or an array for a list; a string may be given by its bytes. */
  readonly value: unknown;
}

/**
 * Sets one attribute of an operation.
 *
 * @throws {TypeError} If the kind is not known
 */
export function setAttribute(
  symbols: TensorFlowSymbols,
  status: Status,
  operation: Deno.PointerValue,
  attribute: OperationAttribute,
): void {
  const { type, value } = attribute;
  const name = cName(attribute.name);
  switch (type) {
    case ATTRIBUTE_KINDS.string: {
      const bytes = value instanceof Uint8Array ? value as Bytes : encodeText(String(value));
      symbols.TFE_OpSetAttrString(operation, name, orSpare(bytes), BigInt(bytes.length));
      return;
    }
    case ATTRIBUTE_KINDS.int:
      if (Array.isArray(value)) {
        const list = BigInt64Array.from(value, whole);
        symbols.TFE_OpSetAttrIntList(operation, name, orSpare(list), list.length);
      } else symbols.TFE_OpSetAttrInt(operation, name, whole(value as number));
      return;
    case ATTRIBUTE_KINDS.float:
      if (Array.isArray(value)) {
        symbols.TFE_OpSetAttrFloatList(operation, name, orSpare(Float32Array.from(value)), value.length);
      } else symbols.TFE_OpSetAttrFloat(operation, name, value as number);
      return;
    case ATTRIBUTE_KINDS.bool:
      if (Array.isArray(value)) {
        symbols.TFE_OpSetAttrBoolList(operation, name, orSpare(Uint8Array.from(value, Number)), value.length);
      } else symbols.TFE_OpSetAttrBool(operation, name, value ? 1 : 0);
      return;
    case ATTRIBUTE_KINDS.type:
      if (Array.isArray(value)) {
        symbols.TFE_OpSetAttrTypeList(operation, name, orSpare(Int32Array.from(value)), value.length);
      } else symbols.TFE_OpSetAttrType(operation, name, value as number);
      return;
    case ATTRIBUTE_KINDS.function: {
      const functionName = encodeText(String(value));
      symbols.TFE_OpSetAttrFunctionName(operation, name, functionName, BigInt(functionName.length));
      return;
    }
    case ATTRIBUTE_KINDS.shape: {
      const lengths = BigInt64Array.from(value as number[], whole);
      symbols.TFE_OpSetAttrShape(operation, name, orSpare(lengths), lengths.length, status.pointer);
      status.check(() => `set the shape ${attribute.name}`);
      return;
    }
    default:
      throw new TypeError(
        `Cannot set the attribute ${attribute.name}: its kind must be 0 to 6, current value is ${type}`,
      );
  }
}

/** The kernel layer passes fractional seeds. */
const whole = (value: number): bigint => BigInt(Math.trunc(value));

/** A buffer argument must not be empty. */
function orSpare<T extends BigInt64Array | Float32Array | Uint8Array | Int32Array>(list: T): T {
  return list.length > 0 ? list : new (list.constructor as new (length: number) => T)(1);
}
