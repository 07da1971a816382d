import { ints } from "../../onnx/graph.ts";
import { intOf, type Operator } from "./operator.ts";
import { axisOf, cannotTrain, laidOut, numbersOf, tensorOf } from "./value.ts";

function reduction(name: "mean" | "sum"): Operator {
  return ([input, givenAxes], node) => {
    const value = tensorOf(input, node);
    const keeps = intOf(node, "keepdims", 1) === 1;
    const listed = ints(node, "axes") ?? (givenAxes === undefined ? [] : numbersOf(givenAxes, node));
    const onnxAxes = listed.length === 0 ? [...value.tensor.shape.keys()] : listed;
    const axes = onnxAxes.map((axis) => axisOf(value, axis));
    // Without the plane, or without anything but it, the order of what is left is ONNX's own.
    const staysInOrder = value.layout !== "nhwc" || keeps || (axes.includes(1) && axes.includes(2)) || axes.includes(3);
    if (staysInOrder) return [{ tensor: value.tensor[name](axes, keeps), layout: keeps ? value.layout : "onnx" }];
    return [{ tensor: laidOut(value, "onnx", node)[name](onnxAxes, keeps), layout: "onnx" }];
  };
}

const topK: Operator = ([input, count], node, { kernels }) => {
  const x = laidOut(input, "onnx", node);
  const axis = (intOf(node, "axis", -1) + x.rank) % x.rank;
  const [k] = numbersOf(count, node);
  if (axis !== x.rank - 1) throw cannotTrain(node, "only along the last axis");
  const isLargest = intOf(node, "largest", 1) === 1;
  const found = kernels.largest(isLargest ? x : x.neg(), k!);
  return [{ tensor: isLargest ? found : found.neg(), layout: "onnx" }];
};

export const REDUCTIONS: Record<string, Operator> = {
  ReduceMean: reduction("mean"),
  ReduceSum: reduction("sum"),
  TopK: topK,
};
