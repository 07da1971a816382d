import { VigilError } from "../errors.ts";

/**
 * Protocol Buffers on the wire: fields of a message in their order, each still as it is encoded. What a reader does not
 * know it can write back unchanged.
 */
export interface Field {
  number: number;
  /** A varint as number, or bytes of a text, message or packed list, or 4 or 8 bytes of a fixed number. */
  value: number | bigint | Uint8Array;
  wire: Wire;
}

export const WIRE = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;
type Wire = (typeof WIRE)[keyof typeof WIRE];

const MALFORMED = "it is no Protocol Buffers message: is it an ONNX file, whole?";

/** @throws VigilError onnx-invalid */
export function readFields(bytes: Uint8Array): Field[] {
  const fields: Field[] = [];
  const reader = { bytes, at: 0 };
  while (reader.at < bytes.length) {
    const key = Number(readVarint(reader));
    const wire = key % 8;
    fields.push({ number: Math.floor(key / 8), wire: wire as Wire, value: readValue(reader, wire) });
  }
  return fields;
}

interface Reader {
  bytes: Uint8Array;
  at: number;
}

function readValue(reader: Reader, wire: number): Field["value"] {
  if (wire === WIRE.varint) return readVarint(reader);
  if (wire === WIRE.fixed64) return take(reader, 8);
  if (wire === WIRE.fixed32) return take(reader, 4);
  if (wire === WIRE.bytes) return take(reader, Number(readVarint(reader)));
  throw new VigilError("onnx-invalid", MALFORMED);
}

function take(reader: Reader, length: number): Uint8Array {
  const end = reader.at + length;
  if (end > reader.bytes.length) throw new VigilError("onnx-invalid", MALFORMED);
  const part = reader.bytes.subarray(reader.at, end);
  reader.at = end;
  return part;
}

const LONGEST_VARINT_BYTES = 10;

/** A number where it is exact as one, else a bigint; negative ones are written in 64 bits, two's complement. */
export function readVarint(reader: Reader): number | bigint {
  let low = 0;
  let factor = 1;
  const start = reader.at;
  for (let i = 0; i < LONGEST_VARINT_BYTES; i++) {
    const byte = reader.bytes[reader.at++];
    if (byte === undefined) throw new VigilError("onnx-invalid", MALFORMED);
    low += (byte & 127) * factor;
    factor *= 128;
    if (byte < 128) return i < 7 ? low : exactVarint(reader.bytes.subarray(start, reader.at));
  }
  throw new VigilError("onnx-invalid", MALFORMED);
}

function exactVarint(bytes: Uint8Array): number | bigint {
  const unsigned = bytes.reduceRight((value, byte) => (value << 7n) | BigInt(byte & 127), 0n);
  const signed = BigInt.asIntN(64, unsigned);
  return signed >= BigInt(Number.MIN_SAFE_INTEGER) && signed <= BigInt(Number.MAX_SAFE_INTEGER)
    ? Number(signed)
    : signed;
}

/** Numbers that were packed into one field, or stand in fields of their own. */
export function readPackedVarints(bytes: Uint8Array): number[] {
  const reader = { bytes, at: 0 };
  const values: number[] = [];
  while (reader.at < bytes.length) values.push(Number(readVarint(reader)));
  return values;
}

export function varintField(number: number, value: number | bigint): Field {
  return { number, wire: WIRE.varint, value };
}

export function bytesField(number: number, value: Uint8Array): Field {
  return { number, wire: WIRE.bytes, value };
}

export function textField(number: number, text: string): Field {
  return bytesField(number, Buffer.from(text));
}

export function floatField(number: number, value: number): Field {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return { number, wire: WIRE.fixed32, value: bytes };
}

export function messageField(number: number, fields: Field[]): Field {
  return bytesField(number, writeFields(fields));
}

export function writeFields(fields: Field[]): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const { number, wire, value } of fields) {
    parts.push(varint(number * 8 + wire));
    if (value instanceof Uint8Array) {
      if (wire === WIRE.bytes) parts.push(varint(value.length));
      parts.push(value);
    } else parts.push(varint(value));
  }
  return Buffer.concat(parts);
}

function varint(value: number | bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  while (rest >= 128n) {
    bytes.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}

export function textOf(value: Field["value"]): string {
  return value instanceof Uint8Array ? Buffer.from(value.buffer, value.byteOffset, value.length).toString("utf8") : "";
}

export function floatOf(value: Field["value"]): number {
  return value instanceof Uint8Array
    ? new DataView(value.buffer, value.byteOffset, 4).getFloat32(0, true)
    : Number(value);
}
