import { LABELS } from "../contract/labels.ts";
import type { Manifest } from "./manifest.ts";

/** Whether a model file fits its manifest. A dimension that is not a number is free. */

export type Shape = (number | string)[];

/** height x width x channels in the order of the manifest's layout. */
export function imageShape({ layout, channels, width, height }: Manifest["input"]): number[] {
  return layout === "NCHW" ? [channels.length, height, width] : [height, width, channels.length];
}

/** What is wrong with the inputs of a model file; undefined when nothing is. */
export function inputProblem(input: Manifest["input"], found: Map<string, Shape>): string | undefined {
  const shape = found.get(input.name);
  if (shape === undefined) return `it has no input "${input.name}" (it has ${[...found.keys()].join(", ")})`;
  if (found.size > 1) return `it has ${found.size} inputs; only one is supported`;
  const expected: Shape = ["N", ...imageShape(input)];
  const fits = shape.length === expected.length && shape.every((length, i) => i === 0 || agrees(length, expected[i]!));
  return fits ? undefined : `its input "${input.name}" is ${text(shape)}, the manifest says ${text(expected)}`;
}

/** What is wrong with the outputs that a model file gave for `count` images; undefined when nothing is. */
export function outputProblem(
  outputs: Manifest["outputs"],
  count: number,
  found: Map<string, Shape>,
): string | undefined {
  const scores = (outputs.logits ?? outputs.probabilities)!;
  const wanted: [string, Shape][] = [[scores, [count, LABELS.length]]];
  if (outputs.map !== undefined) wanted.push([outputs.map, [count, LABELS.length, "height", "width"]]);
  for (const [name, expected] of wanted) {
    const shape = found.get(name);
    if (shape === undefined) return `it has no output "${name}" (it has ${[...found.keys()].join(", ")})`;
    if (shape.length !== expected.length || !shape.every((length, i) => agrees(length, expected[i]!))) {
      return `its output "${name}" is ${text(shape)} for ${count} image(s), not ${text(expected)}`;
    }
  }
  return undefined;
}

function agrees(found: number | string, expected: number | string): boolean {
  return typeof found !== "number" || typeof expected !== "number" || found === expected;
}

function text(shape: Shape): string {
  return `[${shape.join(", ")}]`;
}
