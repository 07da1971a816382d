import type { Tensor, Variable } from "@tensorflow/tfjs-core";
import { VigilError } from "../../errors.ts";
import { floats } from "../../onnx/graph.ts";
import type { Model, Node } from "../../onnx/model.ts";
import { Kernels } from "./kernels.ts";
import type { BatchNormMode, Run } from "./operator.ts";
import { mustKnowAll, OPERATORS } from "./operators.ts";
import type { TensorFlow } from "./tensorflow.ts";
import { cannotTrain, laidOut, type Value } from "./value.ts";
import { loadWeights, onnxData, type Weights } from "./weights.ts";

interface BatchStatistics {
  node: Node;
  mean: Tensor;
  variance: Tensor;
  momentum: number;
}

export interface GraphOptions {
  /** By the name of the initializer; all but running statistics unless given. */
  isTrainable?: (name: string) => boolean;
}

/**
 * An ONNX network whose weights TensorFlow trains. What is trained is what the file holds: weights keep their names,
 * one that is used twice is one variable, and `writeBack` puts them where they came from.
 */
export class TrainableGraph {
  readonly #model: Model;
  readonly #tf: TensorFlow["tf"];
  readonly #kernels: Kernels;
  readonly #weights: Weights;
  readonly #input: string;
  #statistics: BatchStatistics[] = [];

  /** @throws VigilError onnx-invalid when it has several inputs, or an operator that cannot be trained */
  constructor(tensorFlow: TensorFlow, model: Model, { isTrainable = () => true }: GraphOptions = {}) {
    mustKnowAll(model);
    const [input, ...others] = model.inputs;
    if (input === undefined || others.length > 0) {
      const names = model.inputs.map(({ name }) => name).join(", ");
      throw new VigilError("onnx-invalid", `it has ${model.inputs.length} inputs (${names}); one image can be trained`);
    }
    this.#model = model;
    this.#tf = tensorFlow.tf;
    this.#kernels = new Kernels(tensorFlow);
    this.#weights = loadWeights(tensorFlow, model, isTrainable);
    this.#input = input.name;
  }

  /** Those that training moves, by the names of their initializers. Kernels of convolutions are [h, w, in, out]. */
  get trainable(): Map<string, Variable> {
    const all = [...this.#weights.variables].map(([name, { variable }]) => [name, variable] as const);
    return new Map(all.filter(([, { trainable }]) => trainable));
  }

  /**
   * Calculates the outputs, in ONNX's order; inside tf.variableGrads it can be differentiated.
   * @param image [n, channels, height, width]
   * @param batchNorm with "batch", `moveStatistics` (or another run) must follow
   */
  run(image: Tensor, batchNorm: BatchNormMode): Map<string, Tensor> {
    this.#forgetStatistics();
    const run: Run = {
      tf: this.#tf,
      kernels: this.#kernels,
      batchNorm,
      keepStatistics: (node, mean, variance, momentum) => {
        this.#statistics.push({ node, mean, variance, momentum });
      },
    };
    const values = new Map<string, Value>(this.#weights.values);
    values.set(this.#input, { tensor: image, layout: "onnx" });
    for (const node of this.#model.nodes) {
      if (node.operator === "Constant") continue;
      const inputs = node.inputs.map((name) => values.get(name));
      for (const [i, name] of node.inputs.entries()) {
        if (name !== "" && inputs[i] === undefined) throw cannotTrain(node, `its input ${name} is not known here`);
      }
      const made = OPERATORS.get(node.operator)!(inputs, node, run);
      for (const [i, value] of made.entries()) values.set(node.outputs[i] ?? "", value);
    }
    const end = this.#model.nodes.at(-1)!;
    return new Map(this.#model.outputs.map(({ name }) => [name, laidOut(values.get(name), "onnx", end)]));
  }

  /** Moves the running statistics towards those of the last run, by each node's momentum. */
  moveStatistics(): void {
    this.#tf.tidy(() => {
      for (const { node, mean, variance, momentum } of this.#statistics) {
        for (const [input, found] of [mean, variance].entries()) {
          const { variable } = this.#weights.variables.get(node.inputs[3 + input]!)!;
          variable.assign(variable.mul(momentum).add(found.mul(1 - momentum)));
        }
      }
    });
    this.#forgetStatistics();
  }

  #forgetStatistics(): void {
    for (const { mean, variance } of this.#statistics) this.#tf.dispose([mean, variance]);
    this.#statistics = [];
  }

  /** Puts the weights, as they are now, into the model that the graph was made from. */
  async writeBack(): Promise<void> {
    for (const [name, weight] of this.#weights.variables) floats(this.#model, name).data = await onnxData(weight);
  }

  /** Frees the memory of the weights; the graph cannot be used after. */
  dispose(): void {
    this.#forgetStatistics();
    for (const value of this.#weights.values.values()) if ("tensor" in value) value.tensor.dispose();
    this.#kernels.dispose();
  }
}
