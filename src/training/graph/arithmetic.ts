import type { Tensor } from "@tensorflow/tfjs-core";
import type { Node } from "../../onnx/model.ts";
import { floatOf, intOf, type Operator } from "./operator.ts";
import { type Layout, laidOut, tensorOf, type Value } from "./value.ts";

/** Both as tensors that broadcast as ONNX means it: where one lies with its channels last, so must the other. */
function sideBySide(
  values: [Value | undefined, Value | undefined],
  node: Node,
): { pair: [Tensor, Tensor]; layout: Layout } {
  const isNhwc = values.some((value) => value !== undefined && "tensor" in value && value.layout === "nhwc");
  const pair = values.map((value) => {
    if (value !== undefined && "numbers" in value) return value.numbers;
    const found = tensorOf(value, node);
    if (!isNhwc || found.layout === "nhwc") return laidOut(found, found.layout === "nhwc" ? "nhwc" : "onnx", node);
    const onnx = laidOut(found, "onnx", node);
    const filled = onnx.reshape([...Array<number>(4 - onnx.rank).fill(1), ...onnx.shape]);
    return laidOut({ tensor: filled, layout: "onnx" }, "nhwc", node);
  });
  return { pair: pair as [Tensor, Tensor], layout: isNhwc ? "nhwc" : "onnx" };
}

type Sum = "add" | "sub" | "mul" | "div";

function elementwise(name: Sum): Operator {
  return ([a, b], node, { tf }) => {
    const { pair, layout } = sideBySide([a, b], node);
    const [left, right] = pair.map((it) => (Array.isArray(it) ? tf.tensor(it.length === 1 ? it[0]! : it) : it));
    return [{ tensor: tf[name](left!, right!), layout }];
  };
}

const gemm: Operator = ([a, b, c], node, { tf }) => {
  const [left, right] = [laidOut(a, "onnx", node), laidOut(b, "onnx", node)];
  const product = tf.matMul(left, right, intOf(node, "transA", 0) === 1, intOf(node, "transB", 0) === 1);
  const alpha = floatOf(node, "alpha", 1);
  const scaled = alpha === 1 ? product : product.mul(alpha);
  if (c === undefined) return [{ tensor: scaled, layout: "onnx" }];
  const beta = floatOf(node, "beta", 1);
  const offset = laidOut(c, "onnx", node);
  return [{ tensor: scaled.add(beta === 1 ? offset : offset.mul(beta)), layout: "onnx" }];
};

const matMul: Operator = ([a, b], node, { tf }) => [
  { tensor: tf.matMul(laidOut(a, "onnx", node), laidOut(b, "onnx", node)), layout: "onnx" },
];

export const ARITHMETIC: Record<string, Operator> = {
  Add: elementwise("add"),
  Sub: elementwise("sub"),
  Mul: elementwise("mul"),
  Div: elementwise("div"),
  Gemm: gemm,
  MatMul: matMul,
};
