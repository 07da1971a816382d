import type { Tensor, Tensor4D } from "@tensorflow/tfjs-core";
import { ints } from "../../onnx/graph.ts";
import type { Node } from "../../onnx/model.ts";
import { intOf, type Operator } from "./operator.ts";
import { padsOf } from "./pads.ts";
import { cannotTrain, laidOut } from "./value.ts";

/** Below all values of a network, and finite: an infinite one would become NaN in a gradient. */
const BELOW_ALL = -3.4e38;

interface Pool {
  image: Tensor4D;
  size: [number, number];
  strides: [number, number];
  /** As the file says: top, left, bottom, right. */
  pads: [number, number, number, number];
  /** Rows and columns more at the bottom and the right, so that the last, partial window counts (ceil_mode). */
  rest: [number, number];
}

function poolOf(image: Tensor, node: Node): Pool {
  const size = ints(node, "kernel_shape") as [number, number];
  const strides = (ints(node, "strides") ?? [1, 1]) as [number, number];
  if (ints(node, "dilations")?.some((step) => step !== 1)) throw cannotTrain(node, "a pool with dilations");
  const pads = padsOf(node, image.shape, size, strides);
  const isCeil = intOf(node, "ceil_mode", 0) === 1;
  const rest = [0, 1].map((axis) => {
    const length = image.shape[axis + 1]! + pads[axis]! + pads[axis + 2]!;
    const last = Math.ceil((length - size[axis]!) / strides[axis]!) * strides[axis]!;
    // A window that would begin in the padding is none.
    const isThere = isCeil && last < image.shape[axis + 1]! + pads[axis]!;
    return isThere ? Math.max(0, last + size[axis]! - length) : 0;
  });
  return { image: image as Tensor4D, size, strides, pads, rest: rest as [number, number] };
}

function padded(
  image: Tensor4D,
  { pads: [top, left, bottom, right] }: Pool,
  rest: [number, number],
  by: number,
): Tensor4D {
  const around: [number, number][] = [
    [0, 0],
    [top, bottom + rest[0]],
    [left, right + rest[1]],
    [0, 0],
  ];
  return around.flat().every((rows) => rows === 0) ? image : image.pad(around as never, by);
}

const maxPool: Operator = ([input], node, { tf }) => {
  const pool = poolOf(laidOut(input, "nhwc", node), node);
  const image = padded(pool.image, pool, pool.rest, BELOW_ALL);
  return [{ tensor: tf.maxPool(image, pool.size, pool.strides, "valid"), layout: "nhwc" }];
};

const averagePool: Operator = ([input], node, { tf }) => {
  const pool = poolOf(laidOut(input, "nhwc", node), node);
  const average = (image: Tensor4D) => tf.avgPool(image, pool.size, pool.strides, "valid");
  const y = average(padded(pool.image, pool, pool.rest, 0));
  const countsPads = intOf(node, "count_include_pad", 0) === 1;
  const isWhole = pool.rest.every((rows) => rows === 0) && (countsPads || pool.pads.every((rows) => rows === 0));
  if (isWhole) return [{ tensor: y, layout: "nhwc" }];
  // The share of each window that counts.
  const [, height, width] = pool.image.shape;
  const ones = padded(tf.ones([1, height, width, 1]) as Tensor4D, pool, [0, 0], countsPads ? 1 : 0);
  const counted = ones.pad([
    [0, 0],
    [0, pool.rest[0]],
    [0, pool.rest[1]],
    [0, 0],
  ]);
  return [{ tensor: tf.div(y, average(counted as Tensor4D)), layout: "nhwc" }];
};

const globalAveragePool: Operator = ([input], node) => [
  { tensor: laidOut(input, "nhwc", node).mean([1, 2], true), layout: "nhwc" },
];

export const POOLS: Record<string, Operator> = {
  MaxPool: maxPool,
  AveragePool: averagePool,
  GlobalAveragePool: globalAveragePool,
};
