import { VigilError } from "../errors.ts";
import type { AttributeValue } from "./attribute.ts";
import type { Model, Node } from "./model.ts";
import type { Tensor } from "./tensor.ts";

/** Finding one's way in a graph, and changing it. A value is named by the output that makes it. */

/** The node that makes a value; undefined for an input or an initializer. */
export function maker(model: Model, value: string): Node | undefined {
  return model.nodes.find(({ outputs }) => outputs.includes(value));
}

/** A name that nothing in the graph has yet. */
export function freeName(model: Model, wish: string): string {
  const taken = new Set([
    ...model.initializers.keys(),
    ...model.inputs.map(({ name }) => name),
    ...model.nodes.flatMap(({ outputs }) => outputs),
  ]);
  for (let i = 1; ; i++) {
    const name = i === 1 ? wish : `${wish}_${i}`;
    if (!taken.has(name)) return name;
  }
}

export function node(
  operator: string,
  inputs: string[],
  outputs: string[],
  attributes: Record<string, AttributeValue> = {},
): Node {
  const name = `${operator}_${outputs[0]}`;
  return { name, operator, domain: "", inputs, outputs, attributes: new Map(Object.entries(attributes)), others: [] };
}

/** An initializer of floats. */
export function floats({ initializers }: Model, name: string): Tensor & { data: Float32Array } {
  const tensor = initializers.get(name);
  if (tensor !== undefined && "data" in tensor && tensor.data instanceof Float32Array) return tensor as never;
  throw new VigilError("onnx-invalid", `the weights ${name} are not there as 32-bit floats`);
}

/** Whole numbers of an attribute; undefined where the node does not have it. */
export function ints({ attributes }: Node, name: string): number[] | undefined {
  const attribute = attributes.get(name);
  if (attribute?.type === "int") return [attribute.value];
  return attribute?.type === "ints" ? attribute.value : undefined;
}

/** Drops nodes, weights and shapes from which no output is made. */
export function prune(model: Model): void {
  const needed = new Set(model.outputs.map(({ name }) => name));
  const kept: Node[] = [];
  for (const step of model.nodes.toReversed()) {
    if (!step.outputs.some((output) => needed.has(output))) continue;
    kept.push(step);
    for (const input of step.inputs) needed.add(input);
  }
  model.nodes = kept.reverse();
  for (const name of model.initializers.keys()) if (!needed.has(name)) model.initializers.delete(name);
}
