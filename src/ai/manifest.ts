import { z } from "zod";
import { LABELS } from "../contract/labels.ts";
import { labelSchema, probabilitySchema } from "../contract/probability.ts";

/**
 * The manifest of a model package: everything between a decoded CT volume and a calibrated study probability that is
 * not in the ONNX graph itself. Lengths are in pixels of the model's input unless the name says otherwise.
 */

const windowSchema = z.union([
  z.literal("header"),
  z.strictObject({ center: z.number(), width: z.number().positive() }).describe("HU"),
]);

/** One input channel: the slice itself (0) or a neighbour (-1 below, 1 above), seen through a window. */
const channelSchema = z.strictObject({ slice: z.int().min(-3).max(3), window: windowSchema });

const perLabel = <T extends z.ZodType>(schema: T) => z.record(labelSchema, schema);

/** probability = sigmoid(slope * logit + intercept), Platt 1999. */
const plattSchema = z.tuple([z.number(), z.number()]);

const operatingPointSchema = z
  .strictObject({
    threshold: probabilitySchema.describe("study probability from which the label counts as present"),
    undetermined: z.tuple([probabilitySchema, probabilitySchema]).describe("[from, to) = undetermined"),
  })
  .refine(({ threshold, undetermined: [from, to] }) => from <= to && to <= threshold, {
    message: "undetermined must be [from, to] with from <= to <= threshold",
  });

export const manifestSchema = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9._-]+$/),
  version: z.string().regex(/^[A-Za-z0-9._-]+$/),
  task: z.literal("slice-classification"),
  labels: z
    .array(labelSchema)
    .refine((labels) => labels.join() === LABELS.join(), { message: `must be exactly ${LABELS.join(", ")}` }),
  input: z.strictObject({
    name: z.string().min(1),
    width: z.int().positive(),
    height: z.int().positive(),
    layout: z.enum(["NCHW", "NHWC"]),
    crop: z.enum(["head", "none"]),
    channels: z.array(channelSchema).min(1),
    normalize: z.strictObject({ mean: z.array(z.number()), std: z.array(z.number().positive()) }),
    resize: z.enum(["area", "bilinear"]),
    slab: z
      .strictObject({ belowMm: z.number().positive(), thicknessMm: z.number().positive() })
      .optional()
      .describe("series with less between their slices are averaged to slabs of this thickness first"),
  }),
  outputs: z
    .strictObject({
      logits: z.string().optional(),
      probabilities: z.string().optional(),
      map: z.string().optional().describe("N x labels x height x width, logits"),
    })
    .refine((outputs) => (outputs.logits === undefined) !== (outputs.probabilities === undefined), {
      message: "exactly one of logits and probabilities",
    }),
  postprocess: z.strictObject({
    flip: z.boolean().describe("average with the left-right mirrored image"),
    zSmoothing: z.tuple([z.number(), z.number(), z.number()]).nullable(),
    maxGapMm: z.number().positive().describe("neighbours further apart are not smoothed together"),
  }),
  aggregation: z.strictObject({ method: z.literal("top-k-mean"), k: z.int().min(1) }),
  calibration: z.strictObject({
    method: z.literal("platt"),
    slice: perLabel(plattSchema),
    study: perLabel(plattSchema),
  }),
  operatingPoints: perLabel(operatingPointSchema),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  training: z.record(z.string(), z.unknown()),
  intendedUse: z.string(),
  limitations: z.array(z.string()),
});

export type Manifest = z.infer<typeof manifestSchema>;
