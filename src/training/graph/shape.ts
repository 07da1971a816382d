import type { Tensor } from "@tensorflow/tfjs-core";
import { ints } from "../../onnx/graph.ts";
import { intOf, type Operator } from "./operator.ts";
import { axisOf, cannotTrain, laidOut, numbersOf, shapeOf, tensorOf, type Value } from "./value.ts";

const asOnnx = (tensor: Tensor): Value[] => [{ tensor, layout: "onnx" }];
const isNumbers = (value: Value | undefined) => value !== undefined && "numbers" in value;

const flatten: Operator = ([input], node) => {
  const x = laidOut(input, "onnx", node);
  const axis = intOf(node, "axis", 1);
  const until = axis < 0 ? axis + x.rank : axis;
  return asOnnx(x.reshape([x.shape.slice(0, until).reduce((product, length) => product * length, 1), -1]));
};

const reshape: Operator = ([input, shape], node) => {
  const x = laidOut(input, "onnx", node);
  const lengths = numbersOf(shape, node);
  return asOnnx(x.reshape(lengths.map((length, axis) => (length === 0 ? x.shape[axis]! : length))));
};

const transpose: Operator = ([input], node) => {
  const x = laidOut(input, "onnx", node);
  return asOnnx(x.transpose(ints(node, "perm") ?? [...x.shape.keys()].reverse()));
};

const concat: Operator = (inputs, node, { tf }) => {
  if (inputs.some(isNumbers)) return [{ numbers: inputs.flatMap((input) => numbersOf(input, node)) }];
  const values = inputs.map((input) => tensorOf(input, node));
  const axis = intOf(node, "axis", 0);
  const layout = values.every((value) => value.layout === "nhwc") ? "nhwc" : "onnx";
  const tensors = values.map((value) => laidOut(value, layout, node));
  return [{ tensor: tf.concat(tensors, axisOf({ tensor: tensors[0]!, layout }, axis)), layout }];
};

const squeeze: Operator = ([input, axes], node) => {
  if (isNumbers(input)) return [input!];
  const x = laidOut(input, "onnx", node);
  const listed = ints(node, "axes") ?? (axes === undefined ? undefined : numbersOf(axes, node));
  return asOnnx(x.squeeze(listed?.map((axis) => (axis < 0 ? axis + x.rank : axis))));
};

const unsqueeze: Operator = ([input, axes], node) => {
  if (isNumbers(input)) return [input!];
  const x = laidOut(input, "onnx", node);
  const listed = ints(node, "axes") ?? numbersOf(axes, node);
  const rank = x.rank + listed.length;
  const places = listed.map((axis) => (axis < 0 ? axis + rank : axis)).sort((a, b) => a - b);
  const shape = [...x.shape];
  for (const place of places) shape.splice(place, 0, 1);
  return asOnnx(x.reshape(shape));
};

const slice: Operator = ([input, starts, ends, axes, steps], node) => {
  const [from, to] = [ints(node, "starts") ?? numbersOf(starts, node), ints(node, "ends") ?? numbersOf(ends, node)];
  const along = ints(node, "axes") ?? (axes === undefined ? [...from.keys()] : numbersOf(axes, node));
  if (steps !== undefined && numbersOf(steps, node).some((step) => step !== 1))
    throw cannotTrain(node, "only with step 1");
  if (isNumbers(input)) return [{ numbers: numbersOf(input, node).slice(from[0], to[0]) }];
  const value = tensorOf(input, node);
  const begin = value.tensor.shape.map(() => 0);
  const size = [...value.tensor.shape];
  for (const [i, onnxAxis] of along.entries()) {
    const axis = axisOf(value, onnxAxis);
    const length = value.tensor.shape[axis]!;
    const within = (at: number) => Math.min(Math.max(at < 0 ? at + length : at, 0), length);
    begin[axis] = within(from[i]!);
    size[axis] = within(to[i]!) - begin[axis];
  }
  return [{ tensor: value.tensor.slice(begin, size), layout: value.layout }];
};

/** Of the numbers of a shape. */
const gather: Operator = ([input, places], node) => {
  const numbers = numbersOf(input, node);
  return [{ numbers: numbersOf(places, node).map((at) => numbers.at(at)!) }];
};

/** The numbers of a shape are whole already, and floats are 32 bits long here. */
const cast: Operator = ([input]) => [input!];

export const SHAPES: Record<string, Operator> = {
  Flatten: flatten,
  Reshape: reshape,
  Transpose: transpose,
  Concat: concat,
  Squeeze: squeeze,
  Unsqueeze: unsqueeze,
  Slice: slice,
  Shape: ([input], node) => [{ numbers: shapeOf(tensorOf(input, node)) }],
  Gather: gather,
  Cast: cast,
};
