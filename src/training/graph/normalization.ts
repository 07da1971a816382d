import { floatOf, type Operator } from "./operator.ts";
import { laidOut, tensorOf } from "./value.ts";

const batchNormalization: Operator = ([image, scale, offset, mean, variance], node, run) => {
  const { tensor: whole, layout } = tensorOf(image, node);
  // Features without a plane are normalized as an image of one pixel.
  const x = whole.rank === 2 ? whole.expandDims(1).expandDims(1) : laidOut(image, "nhwc", node);
  const [g, b, m, v] = [scale, offset, mean, variance].map((value) => tensorOf(value, node).tensor);
  const epsilon = floatOf(node, "epsilon", 1e-5);
  let y: typeof x;
  if (run.batchNorm === "batch") {
    const [normal, batchMean, batchVariance] = run.kernels.normalizeByBatch(x, g!, b!, epsilon);
    run.keepStatistics(node, batchMean, batchVariance, floatOf(node, "momentum", 0.9));
    y = normal;
  } else y = run.kernels.normalize(x, g!, b!, [m!, v!], epsilon);
  return [whole.rank === 2 ? { tensor: y.reshape(whole.shape), layout } : { tensor: y, layout: "nhwc" }];
};

export const NORMALIZATIONS: Record<string, Operator> = { BatchNormalization: batchNormalization };
