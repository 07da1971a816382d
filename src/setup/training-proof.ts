import { writeFileSync } from "node:fs";
import { loadTensorFlow } from "../training/graph/tensorflow.ts";

/** Writes the device that a convolution and its gradient were really calculated on to the file that is named. */

const { tf, device } = await loadTensorFlow();
const image = tf.ones([1, 8, 8, 3]).as4D(1, 8, 8, 3);
const kernel = tf.variable(tf.ones([3, 3, 3, 4]).as4D(3, 3, 3, 4));
const { grads } = tf.variableGrads(() => tf.conv2d(image, kernel, 1, "valid").sum().asScalar());
const [sum] = await Object.values(grads)[0]!.sum().data();
const KERNEL_VALUES = 3 * 3 * 3 * 4;
const PLACES = 6 * 6;
if (sum !== KERNEL_VALUES * PLACES) throw new Error(`TensorFlow calculates wrongly: ${sum} is no gradient of a sum`);
writeFileSync(process.argv[2]!, JSON.stringify(device));
