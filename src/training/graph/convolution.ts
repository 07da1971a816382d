import { ints } from "../../onnx/graph.ts";
import { intOf, type Operator } from "./operator.ts";
import { padsOf } from "./pads.ts";
import { cannotTrain, laidOut, tensorOf } from "./value.ts";

const conv: Operator = ([image, kernel, bias], node, { tf, kernels }) => {
  const x = laidOut(image, "nhwc", node);
  const w = laidOut(kernel, "hwio", node);
  const [height, width, perGroup, outputs] = w.shape as [number, number, number, number];
  const groups = intOf(node, "group", 1);
  const strides = (ints(node, "strides") ?? [1, 1]) as [number, number];
  const dilations = (ints(node, "dilations") ?? [1, 1]) as [number, number];
  const reach = [(height - 1) * dilations[0] + 1, (width - 1) * dilations[1] + 1] as const;
  const shape = { strides, dilations, pads: padsOf(node, x.shape as number[], reach, strides) };
  if (perGroup * groups !== x.shape[3]) throw cannotTrain(node, `its kernel does not fit ${x.shape[3]} channels`);
  // TensorFlow's own depthwise kernel knows equal strides only, and has no gradient over dilations.
  const isDepthwise = groups > 1 && perGroup === 1 && strides[0] === strides[1] && Math.max(...dilations) === 1;
  const y = isDepthwise
    ? kernels.convolveDepthwise(x, w.reshape([height, width, groups, outputs / groups]), shape)
    : kernels.convolve(x, w, shape);
  const summed = bias === undefined ? y : tf.add(y, tensorOf(bias, node).tensor);
  return [{ tensor: summed, layout: "nhwc" }];
};

export const CONVOLUTIONS: Record<string, Operator> = { Conv: conv };
