import { VigilError } from "../../errors.ts";
import type { Model } from "../../onnx/model.ts";
import { ACTIVATIONS } from "./activation.ts";
import { ARITHMETIC } from "./arithmetic.ts";
import { CONVOLUTIONS } from "./convolution.ts";
import { NORMALIZATIONS } from "./normalization.ts";
import type { Operator } from "./operator.ts";
import { POOLS } from "./pooling.ts";
import { REDUCTIONS } from "./reduction.ts";
import { RESIZES } from "./resize.ts";
import { SHAPES } from "./shape.ts";

/** ONNX's operators that a network may have to be trained; `Constant` is read with the weights. */
export const OPERATORS: ReadonlyMap<string, Operator> = new Map(
  Object.entries({
    ...CONVOLUTIONS,
    ...NORMALIZATIONS,
    ...ACTIVATIONS,
    ...POOLS,
    ...ARITHMETIC,
    ...REDUCTIONS,
    ...RESIZES,
    ...SHAPES,
  }),
);

/** @throws VigilError onnx-invalid with each operator that is not known, and the first node that has it */
export function mustKnowAll({ nodes }: Model): void {
  const unknown = nodes.filter(({ operator, domain }) => !isKnown(operator, domain));
  if (unknown.length === 0) return;
  const first = new Map(unknown.toReversed().map((node) => [node.operator, node.name || node.outputs[0]]));
  const named = [...first].map(([operator, node]) => `${operator} (${node})`).join(", ");
  throw new VigilError("onnx-invalid", `it cannot be trained here: these operators are not known: ${named}`);
}

function isKnown(operator: string, domain: string): boolean {
  const isOnnx = domain === "" || domain === "ai.onnx";
  return isOnnx && (operator === "Constant" || OPERATORS.has(operator));
}
