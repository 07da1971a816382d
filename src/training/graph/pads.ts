import { ints } from "../../onnx/graph.ts";
import type { Node } from "../../onnx/model.ts";
import { textOf } from "./operator.ts";

/**
 * Rows and columns around an image [n, height, width, channels] as a convolution or a pool asks for: top, left, bottom,
 * right.
 */
export function padsOf(
  node: Node,
  [, height = 0, width = 0]: number[],
  reach: readonly [number, number],
  strides: readonly [number, number],
): [number, number, number, number] {
  const rule = textOf(node, "auto_pad", "NOTSET");
  if (rule === "NOTSET") return (ints(node, "pads") ?? [0, 0, 0, 0]) as [number, number, number, number];
  if (rule === "VALID") return [0, 0, 0, 0];
  const [top, bottom] = samePads(height, reach[0], strides[0], rule);
  const [left, right] = samePads(width, reach[1], strides[1], rule);
  return [top, left, bottom, right];
}

/** As many outputs as strides fit; an odd row is at the end (SAME_UPPER) or the beginning (SAME_LOWER). */
function samePads(length: number, reach: number, stride: number, rule: string): [number, number] {
  const all = Math.max(0, (Math.ceil(length / stride) - 1) * stride + reach - length);
  const less = Math.floor(all / 2);
  return rule === "SAME_UPPER" ? [less, all - less] : [all - less, less];
}
