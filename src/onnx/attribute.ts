import { type OpaqueTensor, readTensor, type Tensor, writeTensor } from "./tensor.ts";
import {
  bytesField,
  type Field,
  floatField,
  floatOf,
  messageField,
  readFields,
  readPackedVarints,
  textField,
  textOf,
  varintField,
  WIRE,
} from "./wire.ts";

/** The value of a node's attribute. One of another type (a graph, a list of texts) keeps its bytes. */
export type AttributeValue =
  | { type: "float"; value: number }
  | { type: "int"; value: number }
  | { type: "text"; value: string }
  | { type: "tensor"; value: Tensor | OpaqueTensor }
  | { type: "floats"; value: number[] }
  | { type: "ints"; value: number[] }
  | { type: "opaque"; value: Uint8Array };

const ATTRIBUTE = { name: 1, float: 2, int: 3, text: 4, tensor: 5, floats: 7, ints: 8, type: 20 } as const;
const TYPE = { float: 1, int: 2, text: 3, tensor: 4, floats: 6, ints: 7 } as const;

export function readAttribute(bytes: Uint8Array): [name: string, AttributeValue] {
  const fields = readFields(bytes);
  const last = (number: number) => fields.findLast((field) => field.number === number)?.value;
  const all = (number: number) => fields.filter((field) => field.number === number);
  return [textOf(last(ATTRIBUTE.name) ?? 0), attributeValue(Number(last(ATTRIBUTE.type) ?? 0), last, all, bytes)];
}

function attributeValue(
  type: number,
  last: (number: number) => Field["value"] | undefined,
  all: (number: number) => Field[],
  bytes: Uint8Array,
): AttributeValue {
  const tensor = last(ATTRIBUTE.tensor);
  if (type === TYPE.float) return { type: "float", value: floatOf(last(ATTRIBUTE.float) ?? 0) };
  if (type === TYPE.int) return { type: "int", value: Number(last(ATTRIBUTE.int) ?? 0) };
  if (type === TYPE.text) return { type: "text", value: textOf(last(ATTRIBUTE.text) ?? 0) };
  if (type === TYPE.tensor && tensor instanceof Uint8Array) return { type: "tensor", value: readTensor(tensor) };
  if (type === TYPE.floats) return { type: "floats", value: all(ATTRIBUTE.floats).flatMap(floatsOf) };
  if (type === TYPE.ints) return { type: "ints", value: all(ATTRIBUTE.ints).flatMap(intsOf) };
  return { type: "opaque", value: bytes };
}

function floatsOf({ wire, value }: Field): number[] {
  if (wire !== WIRE.bytes || !(value instanceof Uint8Array)) return [floatOf(value)];
  return Array.from({ length: value.length / 4 }, (_, i) => floatOf(value.subarray(4 * i, 4 * i + 4)));
}

function intsOf({ wire, value }: Field): number[] {
  return wire === WIRE.bytes && value instanceof Uint8Array ? readPackedVarints(value) : [Number(value)];
}

export function writeAttribute(name: string, attribute: AttributeValue): Uint8Array | Field[] {
  const named = textField(ATTRIBUTE.name, name);
  switch (attribute.type) {
    case "float":
      return [named, floatField(ATTRIBUTE.float, attribute.value), varintField(ATTRIBUTE.type, TYPE.float)];
    case "int":
      return [named, varintField(ATTRIBUTE.int, attribute.value), varintField(ATTRIBUTE.type, TYPE.int)];
    case "text":
      return [named, bytesField(ATTRIBUTE.text, Buffer.from(attribute.value)), varintField(ATTRIBUTE.type, TYPE.text)];
    case "tensor":
      return [
        named,
        messageField(ATTRIBUTE.tensor, writeTensor(attribute.value)),
        varintField(ATTRIBUTE.type, TYPE.tensor),
      ];
    case "floats":
      return [
        named,
        ...attribute.value.map((x) => floatField(ATTRIBUTE.floats, x)),
        varintField(ATTRIBUTE.type, TYPE.floats),
      ];
    case "ints":
      return [
        named,
        ...attribute.value.map((x) => varintField(ATTRIBUTE.ints, x)),
        varintField(ATTRIBUTE.type, TYPE.ints),
      ];
    case "opaque":
      return attribute.value;
  }
}
