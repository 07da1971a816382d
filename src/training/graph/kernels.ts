import type { Tensor, Tensor4D } from "@tensorflow/tfjs-core";
import type { KernelAttribute, TensorFlow } from "./tensorflow.ts";

/** Of a two-dimensional convolution, in pixels, [height, width]; `pads` as ONNX has them: top, left, bottom, right. */
export interface ConvolutionShape {
  strides: [number, number];
  dilations: [number, number];
  pads: [number, number, number, number];
}

/**
 * TensorFlow's own fused kernels with their gradients. tfjs composes batch normalization and ReLU from many small
 * operations, which takes twice the time and memory, and it refuses groups and explicit padding.
 */
export class Kernels {
  readonly #tf: TensorFlow["tf"];
  readonly #backend: TensorFlow["backend"];
  readonly #nothing: Tensor;

  constructor({ tf, backend }: TensorFlow) {
    this.#tf = tf;
    this.#backend = backend;
    this.#nothing = tf.keep(tf.tensor1d([]));
  }

  dispose(): void {
    this.#nothing.dispose();
  }

  /** Dense or grouped. @param kernel [height, width, channels of a group, outputs] */
  convolve(image: Tensor, kernel: Tensor, shape: ConvolutionShape): Tensor {
    const names = ["Conv2D", "Conv2DBackpropInput", "Conv2DBackpropFilter"] as const;
    return this.#convolution(names, image, kernel, this.#convolutionAttributes(shape));
  }

  /** Each channel by itself. @param kernel [height, width, channels, outputs of a channel] */
  convolveDepthwise(image: Tensor, kernel: Tensor, shape: ConvolutionShape): Tensor {
    const names = [
      "DepthwiseConv2dNative",
      "DepthwiseConv2dNativeBackpropInput",
      "DepthwiseConv2dNativeBackpropFilter",
    ] as const;
    return this.#convolution(names, image, kernel, this.#convolutionAttributes(shape));
  }

  #convolution(
    [forward, backImage, backKernel]: readonly [string, string, string],
    image: Tensor,
    kernel: Tensor,
    attributes: KernelAttribute[],
  ): Tensor {
    const one = (operation: string, inputs: Tensor[]) =>
      this.#backend.executeSingleOutput(operation, attributes, inputs);
    const lengths = ({ shape }: Tensor) => this.#tf.tensor1d(shape, "int32");
    return this.#tf.customGrad((...args) => {
      const [x, w, save] = args as unknown as [Tensor, Tensor, (saved: Tensor[]) => void];
      save([x, w]);
      const gradFunc = (dy: Tensor | Tensor[], saved: Tensor[]) => {
        const [from, by] = saved as [Tensor, Tensor];
        const slope = dy as Tensor;
        return [one(backImage, [lengths(from), by, slope]), one(backKernel, [from, lengths(by), slope])];
      };
      return { value: one(forward, [x, w]), gradFunc };
    })(image, kernel);
  }

  /**
   * With the statistics of the batch, over all but the last axis.
   * @returns also the batch's mean and its variance, unbiased, as PyTorch takes it into the running one: both are kept,
   * whoever takes them disposes of them
   */
  normalizeByBatch(image: Tensor, scale: Tensor, offset: Tensor, epsilon: number): [Tensor, Tensor, Tensor] {
    let found: Tensor[] = [];
    const output = this.#tf.customGrad((...args) => {
      const [x, g, b, save] = args as unknown as [Tensor, Tensor, Tensor, (saved: Tensor[]) => void];
      const attributes = this.#normalizationAttributes(epsilon, true);
      found = this.#backend.executeMultipleOutputs(
        "FusedBatchNormV3",
        [...attributes, this.#attribute("exponential_avg_factor", "TF_ATTR_FLOAT", 1)],
        [x, g, b, this.#nothing, this.#nothing],
        6,
      );
      // What else a customGrad makes is freed at its end.
      for (const statistic of found.slice(1, 3)) this.#tf.keep(statistic);
      save([x, g, ...found.slice(3)]);
      const gradFunc = (dy: Tensor | Tensor[], [from, by, ...reserve]: Tensor[]) =>
        this.#normalizationGradient(attributes, [dy as Tensor, from!, by!, ...reserve]);
      return { value: found[0]!, gradFunc };
    })(image, scale, offset);
    return [output, found[1]!, found[2]!];
  }

  /** With statistics that stay as they are. */
  normalize(image: Tensor, scale: Tensor, offset: Tensor, [mean, variance]: [Tensor, Tensor], epsilon: number): Tensor {
    const attributes = this.#normalizationAttributes(epsilon, false);
    return this.#tf.customGrad((...args) => {
      const [x, g, b, save] = args as unknown as [Tensor, Tensor, Tensor, (saved: Tensor[]) => void];
      const [y, , , , , reserve] = this.#backend.executeMultipleOutputs(
        "FusedBatchNormV3",
        [...attributes, this.#attribute("exponential_avg_factor", "TF_ATTR_FLOAT", 1)],
        [x, g, b, mean, variance],
        6,
      );
      save([x, g, reserve!]);
      const gradFunc = (dy: Tensor | Tensor[], [from, by, third]: Tensor[]) =>
        this.#normalizationGradient(attributes, [dy as Tensor, from!, by!, mean, variance, third!]);
      return { value: y!, gradFunc };
    })(image, scale, offset);
  }

  #normalizationGradient(attributes: KernelAttribute[], inputs: Tensor[]): Tensor[] {
    return this.#backend.executeMultipleOutputs("FusedBatchNormGradV3", attributes, inputs, 5).slice(0, 3);
  }

  relu(tensor: Tensor): Tensor {
    return this.#activation("Relu", "ReluGrad", tensor);
  }

  relu6(tensor: Tensor): Tensor {
    return this.#activation("Relu6", "Relu6Grad", tensor);
  }

  #activation(forward: string, back: string, tensor: Tensor): Tensor {
    const type = [this.#type("T")];
    return this.#tf.customGrad((...args) => {
      const [x, save] = args as unknown as [Tensor, (saved: Tensor[]) => void];
      const y = this.#backend.executeSingleOutput(forward, type, [x]);
      save([y]);
      const gradFunc = (dy: Tensor | Tensor[], [output]: Tensor[]) =>
        this.#backend.executeSingleOutput(back, type, [dy as Tensor, output!]);
      return { value: y, gradFunc };
    })(tensor);
  }

  /** The `count` largest along the last axis, largest first. The gradient goes to the places they came from. */
  largest(tensor: Tensor, count: number): Tensor {
    const tf = this.#tf;
    const length = tensor.shape.at(-1)!;
    return tf.customGrad((...args) => {
      const [x, save] = args as unknown as [Tensor, (saved: Tensor[]) => void];
      const { values, indices } = tf.topk(x, count);
      save([indices]);
      const gradFunc = (dy: Tensor | Tensor[], [places]: Tensor[]) =>
        tf
          .oneHot(places as Tensor4D, length)
          .mul((dy as Tensor).expandDims(-1))
          .sum(-2);
      return { value: values, gradFunc };
    })(tensor);
  }

  #convolutionAttributes({
    strides,
    dilations,
    pads: [top, left, bottom, right],
  }: ConvolutionShape): KernelAttribute[] {
    const isPadded = top + left + bottom + right > 0;
    return [
      this.#type("T"),
      this.#attribute("strides", "TF_ATTR_INT", [1, ...strides, 1]),
      this.#attribute("dilations", "TF_ATTR_INT", [1, ...dilations, 1]),
      this.#attribute("padding", "TF_ATTR_STRING", isPadded ? "EXPLICIT" : "VALID"),
      ...(isPadded
        ? [this.#attribute("explicit_paddings", "TF_ATTR_INT", [0, 0, top, bottom, left, right, 0, 0])]
        : []),
      this.#attribute("data_format", "TF_ATTR_STRING", "NHWC"),
    ];
  }

  #normalizationAttributes(epsilon: number, isTraining: boolean): KernelAttribute[] {
    return [
      this.#type("T"),
      this.#type("U"),
      this.#attribute("epsilon", "TF_ATTR_FLOAT", epsilon),
      this.#attribute("data_format", "TF_ATTR_STRING", "NHWC"),
      this.#attribute("is_training", "TF_ATTR_BOOL", isTraining),
    ];
  }

  #type(name: string): KernelAttribute {
    return this.#attribute(name, "TF_ATTR_TYPE", this.#backend.binding.TF_FLOAT);
  }

  #attribute(
    name: string,
    type: keyof TensorFlow["backend"]["binding"],
    value: KernelAttribute["value"],
  ): KernelAttribute {
    return { name, type: this.#backend.binding[type], value };
  }
}
