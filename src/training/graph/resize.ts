import type { Tensor4D } from "@tensorflow/tfjs-core";
import { ints } from "../../onnx/graph.ts";
import { type Operator, scalarOf, textOf } from "./operator.ts";
import { cannotTrain, laidOut, numbersOf, shapeOf, tensorOf } from "./value.ts";

/** Whole multiples only: there all of ONNX's ways to find the nearest pixel but one agree. */
const resize: Operator = ([input, , scales, sizes], node, { tf }) => {
  const [, , height = 0, width = 0] = shapeOf(tensorOf(input, node));
  const given = sizes === undefined ? numbersOf(scales, node) : numbersOf(sizes, node);
  const to = sizes === undefined ? [height * given[2]!, width * given[3]!] : given.slice(2);
  const isWhole = to[0]! % height === 0 && to[1]! % width === 0;
  const isNearest = textOf(node, "mode", "nearest") === "nearest";
  if (!isNearest || !isWhole || textOf(node, "coordinate_transformation_mode", "") === "align_corners")
    throw cannotTrain(node, "only to a whole multiple, by the nearest pixel");
  const image = laidOut(input, "nhwc", node) as Tensor4D;
  return [{ tensor: tf.image.resizeNearestNeighbor(image, to as [number, number]), layout: "nhwc" }];
};

const pad: Operator = ([input, amounts, filling], node) => {
  const image = tensorOf(input, node);
  if (textOf(node, "mode", "constant") !== "constant") throw cannotTrain(node, "only with a constant");
  const rows = ints(node, "pads") ?? numbersOf(amounts, node);
  const { rank } = image.tensor;
  if (rows.length !== 2 * rank) throw cannotTrain(node, "only with a number for each axis");
  const x = laidOut(image, "onnx", node);
  const around = Array.from({ length: rank }, (_, axis) => [rows[axis]!, rows[axis + rank]!] as [number, number]);
  return [{ tensor: x.pad(around as never, scalarOf(filling, 0, node)), layout: "onnx" }];
};

export const RESIZES: Record<string, Operator> = { Resize: resize, Pad: pad };
