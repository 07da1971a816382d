import type { HeatMap } from "../../contract/heat-map.ts";
import { isHeatVisible } from "../../contract/heat-map-paint.ts";
import { LABELS, type Label } from "../../contract/labels.ts";
import { MOST_KEY_SLICES, type Preview } from "../../contract/preview.ts";
import { type SliceNumbers, type SliceRef, sliceKey, sliceNumbers } from "../../contract/slices.ts";
import { sumWarnings } from "../../contract/sum-warnings.ts";
import { findHeatMap } from "../../store/heat-maps.ts";
import { listPriors } from "../../store/priors.ts";
import { findResult } from "../../store/results.ts";
import type { Db } from "../../store/schema.ts";
import { findListedStudy } from "../../store/worklist.ts";
import { prior } from "../prior.ts";
import { readOf } from "../worklist.ts";
import { bestSlices, type KeySliceOfLabel } from "./key-slices.ts";

/** What there is to see of a study before it is opened; undefined when there is no such study. */
export async function preview(db: Db, uid: string): Promise<Preview | undefined> {
  const study = await findListedStudy(db, uid);
  if (study === undefined) return undefined;
  const current = await findResult(db, study.resultId);
  const result = current?.result;
  const heatMap =
    current === undefined ? undefined : await findHeatMap(db, current.id, result?.seriesInstanceUid ?? "");
  const numbers = sliceNumbers(result?.slices ?? []);
  const best = result === undefined ? [] : bestSlices(result, MOST_KEY_SLICES);
  return {
    studyInstanceUid: uid,
    state: study.state,
    flag: study.flag,
    reason: study.reason,
    keySlices: best.map((one) => previewSlice(uid, one, numbers, heatMap)),
    findings: result?.findings ?? [],
    priors: (await listPriors(db, study)).map(prior),
    read: readOf(study),
    reading: study.reading,
    warnings: sumWarnings(result?.warnings ?? []),
  };
}

function previewSlice(
  uid: string,
  { slice, label }: KeySliceOfLabel,
  numbers: SliceNumbers,
  heatMap: HeatMap | undefined,
): Preview["keySlices"][number] {
  const { seriesInstanceUid, sopInstanceUid, frameNumber, positionMm, probabilities } = slice;
  const { number, of } = numbers.get(sliceKey(slice))!;
  const showsHeat = heatMap !== undefined && isHeatVisible(cellsOf(heatMap, slice, label));
  return {
    seriesInstanceUid,
    sopInstanceUid,
    frameNumber,
    number,
    of,
    positionMm,
    label,
    probability: probabilities[label],
    image: imageAddress(uid, slice),
    heatImage: showsHeat ? imageAddress(uid, slice, label) : null,
  };
}

function cellsOf({ gridWidth, gridHeight, slices }: HeatMap, slice: SliceRef, label: Label): Uint8Array {
  const from = LABELS.indexOf(label) * gridWidth * gridHeight;
  const found = slices.find((one) => sliceKey(one) === sliceKey(slice));
  return found?.cells.subarray(from, from + gridWidth * gridHeight) ?? new Uint8Array();
}

function imageAddress(uid: string, { seriesInstanceUid, sopInstanceUid, frameNumber }: SliceRef, heat?: Label): string {
  const query = new URLSearchParams({
    ...(frameNumber !== null && { frame: String(frameNumber) }),
    ...(heat !== undefined && { heat }),
  });
  const path = `/api/studies/${uid}/series/${seriesInstanceUid}/instances/${sopInstanceUid}/preview`;
  return query.size === 0 ? path : `${path}?${query}`;
}
