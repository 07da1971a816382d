import type { HeatMap } from "../../src/contract/heat-map.ts";
import { LABELS, perLabel } from "../../src/contract/labels.ts";
import type { Analysed } from "../../src/contract/result.ts";
import type { CtSeries } from "../../src/phantom/ct-series.ts";
import { PHANTOM_BLEED } from "../../src/phantom/phantoms.ts";
import type { ScoredStudyParts } from "../support/scored-study.ts";

/** A made-up result over the images of a phantom with a bleed, as a model would see it. */

const GRID = 16;
const PIXELS = 256;
const SPACING_MM = 5;
const [BLEED_X, BLEED_Y, BLEED_Z] = PHANTOM_BLEED.centre;

const closeness = (z: number) => Math.exp(-(((z - BLEED_Z) / 2) ** 2));

/** @param probability of a haemorrhage, and of its kind */
export function madeBleed(series: CtSeries, probability: number): ScoredStudyParts & { heatMap: HeatMap } {
  const { studyInstanceUid, seriesInstanceUid, instances } = series;
  const refs = instances.map(({ sopInstanceUid }) => ({ seriesInstanceUid, sopInstanceUid, frameNumber: null }));
  const byStrength = [...refs.keys()].sort((a, b) => closeness(b) - closeness(a));
  const keySlices = byStrength.slice(0, 4).map((z) => ({ ...refs[z]!, z, box: null }));
  const present = { presence: "present", keySlices } as const;
  const slices: Analysed["slices"] = refs.map((ref, z) => ({
    ...ref,
    file: null,
    positionMm: z * SPACING_MM,
    probabilities: perLabel((label) =>
      label === "any" || label === "intraparenchymal" ? 0.02 + (probability - 0.02) * closeness(z) : 0.02,
    ),
  }));
  return {
    result: { studyInstanceUid, seriesInstanceUid, slices },
    findings: {
      any: { ...present, probability },
      intraparenchymal: { ...present, probability: probability - 0.03, laterality: "left" },
    },
    heatMap: {
      gridWidth: GRID,
      gridHeight: GRID,
      slices: refs.map((ref, z) => ({ ...ref, area: [0, 0, PIXELS, PIXELS], cells: cells(closeness(z)) })),
    },
  };
}

function cells(strength: number): Uint8Array {
  const ofLabel = Array.from({ length: GRID * GRID }, (_, i) => {
    const place = (cell: number) => ((cell + 0.5) * PIXELS) / GRID;
    const distance = Math.hypot(place(i % GRID) - BLEED_X, place(Math.floor(i / GRID)) - BLEED_Y);
    return Math.round(255 * strength * Math.exp(-((distance / 20) ** 2)));
  });
  const shown = new Set(["any", "intraparenchymal"]);
  return Uint8Array.from(LABELS.flatMap((label) => (shown.has(label) ? ofLabel : ofLabel.map(() => 0))));
}
