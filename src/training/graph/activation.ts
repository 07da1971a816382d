import type { Tensor } from "@tensorflow/tfjs-core";
import { floatOf, intOf, type Operator, type Run, scalarOf } from "./operator.ts";
import { axisOf, laidOut, tensorOf } from "./value.ts";

/** One that takes each number by itself, however the tensor lies. */
function pointwise(calculate: (x: Tensor, run: Run, node: Parameters<Operator>[1]) => Tensor): Operator {
  return ([input], node, run) => {
    const { tensor, layout } = tensorOf(input, node);
    return [{ tensor: calculate(tensor, run, node), layout }];
  };
}

function hardSigmoid(x: Tensor, alpha: number, beta: number): Tensor {
  return x.mul(alpha).add(beta).clipByValue(0, 1);
}

const clip: Operator = ([input, low, high], node, { kernels }) => {
  const { tensor, layout } = tensorOf(input, node);
  const minimum = scalarOf(low, floatOf(node, "min", Number.NEGATIVE_INFINITY), node);
  const maximum = scalarOf(high, floatOf(node, "max", Number.POSITIVE_INFINITY), node);
  if (minimum === 0 && maximum === 6) return [{ tensor: kernels.relu6(tensor), layout }];
  return [{ tensor: tensor.clipByValue(Math.max(minimum, -3.4e38), Math.min(maximum, 3.4e38)), layout }];
};

const softmax: Operator = ([input], node, { tf }) => {
  const value = tensorOf(input, node);
  if (axisOf(value, intOf(node, "axis", -1)) === value.tensor.rank - 1)
    return [{ tensor: tf.softmax(value.tensor), layout: value.layout }];
  const onnx = laidOut(value, "onnx", node);
  const axis = (intOf(node, "axis", -1) + onnx.rank) % onnx.rank;
  const order = [...onnx.shape.keys()].filter((it) => it !== axis);
  const back = [...order, axis].map((_, at, all) => all.indexOf(at));
  return [{ tensor: tf.softmax(onnx.transpose([...order, axis])).transpose(back), layout: "onnx" }];
};

export const ACTIVATIONS: Record<string, Operator> = {
  Relu: pointwise((x, { kernels }) => kernels.relu(x)),
  Clip: clip,
  Sigmoid: pointwise((x) => x.sigmoid()),
  Tanh: pointwise((x) => x.tanh()),
  HardSigmoid: pointwise((x, _, node) => hardSigmoid(x, floatOf(node, "alpha", 0.2), floatOf(node, "beta", 0.5))),
  HardSwish: pointwise((x) => x.mul(hardSigmoid(x, 1 / 6, 0.5))),
  Softmax: softmax,
  Identity: ([input]) => [input!],
  // Left out in use, and here: a head that wants it draws its own.
  Dropout: ([input]) => [input!],
};
