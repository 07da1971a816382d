import { VigilError } from "../errors.ts";
import { bytesField, type Field, readFields, readPackedVarints, textField, textOf, varintField, WIRE } from "./wire.ts";

/** TensorProto.DataType, those that a network of ours may hold. */
export const DATA_TYPE = { float32: 1, int32: 6, int64: 7 } as const;

/** A constant of a graph: weights, or a shape. */
export interface Tensor {
  name: string;
  dims: number[];
  data: Float32Array | Int32Array | BigInt64Array;
}

/** A tensor of a type that we do not calculate with (bool, double, text) keeps its bytes. */
export interface OpaqueTensor {
  name: string;
  dims: number[];
  opaque: Uint8Array;
}

const TENSOR = {
  dims: 1,
  dataType: 2,
  floats: 4,
  int32s: 5,
  int64s: 7,
  name: 8,
  raw: 9,
  external: 13,
  location: 14,
} as const;

/** @throws VigilError onnx-invalid when its values lie in another file, or are fewer than its shape says */
export function readTensor(bytes: Uint8Array): Tensor | OpaqueTensor {
  const fields = readFields(bytes);
  const dims = fields.filter(({ number }) => number === TENSOR.dims).flatMap(numbersOf);
  const name = textOf(fields.find(({ number }) => number === TENSOR.name)?.value ?? 0);
  if (fields.some(({ number, value }) => number === TENSOR.external || (number === TENSOR.location && value === 1))) {
    throw new VigilError("onnx-invalid", `tensor ${name} lies in a file of its own; save the model in one file`);
  }
  const dataType = Number(fields.find(({ number }) => number === TENSOR.dataType)?.value ?? 0);
  const data = dataOf(fields, dataType);
  if (data === null) return { name, dims, opaque: bytes };
  const size = dims.reduce((product, length) => product * length, 1);
  if (data.length !== size)
    throw new VigilError("onnx-invalid", `tensor ${name} is [${dims.join(", ")}] and holds ${data.length} values`);
  return { name, dims, data };
}

function numbersOf({ wire, value }: Field): number[] {
  if (wire === WIRE.bytes && value instanceof Uint8Array) return readPackedVarints(value);
  return [Number(value)];
}

function dataOf(fields: Field[], dataType: number): Tensor["data"] | null {
  const raw = fields.find(({ number }) => number === TENSOR.raw)?.value;
  // Copied: in the file they need not lie where a typed array may begin.
  const buffer = raw instanceof Uint8Array && raw.length > 0 ? new Uint8Array(raw).buffer : undefined;
  const typed = (number: number) => fields.filter((field) => field.number === number);
  if (dataType === DATA_TYPE.float32) return buffer ? new Float32Array(buffer) : floatsOf(typed(TENSOR.floats));
  if (dataType === DATA_TYPE.int32)
    return buffer ? new Int32Array(buffer) : Int32Array.from(typed(TENSOR.int32s).flatMap(numbersOf));
  if (dataType === DATA_TYPE.int64)
    return buffer ? new BigInt64Array(buffer) : BigInt64Array.from(typed(TENSOR.int64s).flatMap(numbersOf), BigInt);
  return null;
}

/** Packed, or one by one: little endian either way. */
function floatsOf(fields: Field[]): Float32Array {
  const bytes = fields.flatMap(({ value }) => (value instanceof Uint8Array ? [...value] : []));
  return new Float32Array(Uint8Array.from(bytes).buffer);
}

export function writeTensor(tensor: Tensor | OpaqueTensor): Field[] {
  if ("opaque" in tensor) return readFields(tensor.opaque);
  const { name, dims, data } = tensor;
  const dataType =
    data instanceof Float32Array ? DATA_TYPE.float32 : data instanceof Int32Array ? DATA_TYPE.int32 : DATA_TYPE.int64;
  return [
    ...dims.map((length) => varintField(TENSOR.dims, length)),
    varintField(TENSOR.dataType, dataType),
    textField(TENSOR.name, name),
    bytesField(TENSOR.raw, new Uint8Array(data.buffer, data.byteOffset, data.byteLength)),
  ];
}
