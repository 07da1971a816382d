/** Writes a tiny ONNX model: the mean of each channel, then one linear layer. Its answers can be worked out by hand. */

export interface TinyModel {
  inputName?: string;
  layout?: "NCHW" | "NHWC";
  channels: number;
  size: number;
  /** A free number of images unless given. */
  batch?: number;
  /** channels x labels */
  weights: number[][];
  bias: number[];
  output: { name: string; sigmoid?: boolean };
  /** Adds an output with the same linear layer for each pixel (NCHW only). */
  mapName?: string;
}

const FLOAT = 1;
const ATTRIBUTE_INT = 2;
const ATTRIBUTE_INTS = 7;

export function tinyOnnxModel(model: TinyModel): Uint8Array {
  const { inputName = "image", layout = "NCHW", channels, size, batch, weights, bias, output, mapName } = model;
  const labels = bias.length;
  const spatial = layout === "NCHW" ? [2, 3] : [1, 2];
  const imageShape = layout === "NCHW" ? [channels, size, size] : [size, size, channels];
  const nodes = [
    node("ReduceMean", [inputName], "means", [intsAttribute("axes", spatial), intAttribute("keepdims", 0)]),
    node("MatMul", ["means", "weights"], "products"),
    node("Add", ["products", "bias"], output.sigmoid ? "sums" : output.name),
    ...(output.sigmoid ? [node("Sigmoid", ["sums"], output.name)] : []),
    ...(mapName === undefined ? [] : [node("Conv", [inputName, "kernels", "bias"], mapName)]),
  ];
  const kernels = bias.flatMap((_, label) => weights.map((row) => row[label]!));
  const graph = [
    ...nodes.map((it) => message(1, it)),
    text(2, "tiny"),
    message(5, tensor("weights", [channels, labels], weights.flat())),
    message(5, tensor("bias", [labels], bias)),
    ...(mapName === undefined ? [] : [message(5, tensor("kernels", [labels, channels, 1, 1], kernels))]),
    message(11, valueInfo(inputName, [batch ?? "N", ...imageShape])),
    message(12, valueInfo(output.name, [batch ?? "N", labels])),
    ...(mapName === undefined ? [] : [message(12, valueInfo(mapName, [batch ?? "N", labels, size, size]))]),
  ];
  const opset = Buffer.concat([text(1, ""), varint(2, 13)]);
  return Buffer.concat([varint(1, 8), message(7, Buffer.concat(graph)), message(8, opset)]);
}

function node(operator: string, inputs: string[], output: string, attributes: Buffer[] = []): Buffer {
  const names = inputs.map((name) => text(1, name));
  return Buffer.concat([...names, text(2, output), text(4, operator), ...attributes.map((it) => message(5, it))]);
}

function intAttribute(name: string, value: number): Buffer {
  return Buffer.concat([text(1, name), varint(3, value), varint(20, ATTRIBUTE_INT)]);
}

function intsAttribute(name: string, values: number[]): Buffer {
  return Buffer.concat([text(1, name), ...values.map((value) => varint(8, value)), varint(20, ATTRIBUTE_INTS)]);
}

function tensor(name: string, dims: number[], values: number[]): Buffer {
  const raw = Buffer.from(Float32Array.from(values).buffer);
  return Buffer.concat([...dims.map((length) => varint(1, length)), varint(2, FLOAT), text(8, name), message(9, raw)]);
}

function valueInfo(name: string, shape: (number | string)[]): Buffer {
  const dims = shape.map((length) => message(1, typeof length === "number" ? varint(1, length) : text(2, length)));
  const tensorType = Buffer.concat([varint(1, FLOAT), message(2, Buffer.concat(dims))]);
  return Buffer.concat([text(1, name), message(2, message(1, tensorType))]);
}

/** Protocol Buffers: field number and wire type, then the value; all numbers here are below 2^31. */
function varint(field: number, value: number): Buffer {
  return Buffer.from([...base128(field << 3), ...base128(value)]);
}

function message(field: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([...base128((field << 3) | 2), ...base128(content.length)]), content]);
}

function text(field: number, content: string): Buffer {
  return message(field, Buffer.from(content));
}

function base128(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...base128(value >>> 7)];
}
