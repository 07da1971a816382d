import type { HeatMapResource } from "../contract/heat-map.ts";
import { LABELS, type Label } from "../contract/labels.ts";
import type { Problem } from "../contract/problem.ts";
import { type StudyResource, withoutResult } from "../contract/study.ts";
import type { StudyAttributes } from "../contract/study-attributes.ts";
import type { ErrorCode } from "../errors.ts";
import { listDeliveries } from "../store/deliveries.ts";
import { listEvents } from "../store/events.ts";
import { listFeedback } from "../store/feedback.ts";
import { findHeatMap } from "../store/heat-maps.ts";
import { listPriors } from "../store/priors.ts";
import { findResult, listFormerResults } from "../store/results.ts";
import type { Db } from "../store/schema.ts";
import { findStudy } from "../store/studies.ts";
import { findListedStudy } from "../store/worklist.ts";
import { storedFeedback } from "./feedback.ts";
import { prior } from "./prior.ts";
import { readOf, studyProblem } from "./worklist.ts";

const UNREADABLE: Problem = {
  code: "result-unreadable" satisfies ErrorCode,
  message: "the stored result cannot be read by this version: score the study again",
};

/** Everything that is known about a study; undefined when there is no such study. */
export async function studyResource(db: Db, uid: string): Promise<StudyResource | undefined> {
  const study = await findListedStudy(db, uid);
  if (study === undefined) return undefined;
  const current = await findResult(db, study.resultId);
  const unreadable = study.resultId !== null && current === undefined;
  const record = {
    state: study.state,
    patient: study.attributes ?? noAttributes(uid),
    receivedAt: study.receivedAt.toISOString(),
    error: unreadable ? UNREADABLE : studyProblem(study),
    deliveries: study.resultId === null ? [] : await listDeliveries(db, study.resultId),
    events: await listEvents(db, uid),
    history: await listFormerResults(db, uid, study.resultId),
    feedback: (await listFeedback(db, uid)).map(storedFeedback),
    read: readOf(study),
    reading: study.reading,
    priors: (await listPriors(db, study)).map(prior),
  };
  if (current !== undefined) return { ...current.result, ...record };
  const flag = study.state === "failed" || unreadable ? "not-analysed" : "pending";
  return { ...withoutResult(uid), flag, ...record };
}

/** undefined when the study, its result or its heat map does not exist. */
export async function heatMapResource(db: Db, uid: string, label: Label): Promise<HeatMapResource | undefined> {
  const study = await findStudy(db, uid);
  const current = await findResult(db, study?.resultId ?? null);
  const seriesInstanceUid = current?.result.seriesInstanceUid ?? null;
  if (current === undefined || seriesInstanceUid === null) return undefined;
  const heatMap = await findHeatMap(db, current.id, seriesInstanceUid);
  if (heatMap === undefined) return undefined;
  const { gridWidth, gridHeight } = heatMap;
  const from = LABELS.indexOf(label) * gridWidth * gridHeight;
  const slices = heatMap.slices.map(({ cells, ...slice }) => ({
    ...slice,
    cells: Buffer.from(cells.subarray(from, from + gridWidth * gridHeight)).toString("base64"),
  }));
  return { label, seriesInstanceUid, gridWidth, gridHeight, slices };
}

/** Before the PACS has been asked. */
function noAttributes(studyInstanceUid: string): StudyAttributes {
  return {
    studyInstanceUid,
    patientName: "",
    patientId: "",
    issuerOfPatientId: "",
    patientBirthDate: "",
    patientSex: "",
    studyDate: "",
    studyTime: "",
    studyId: "",
    accessionNumber: "",
    referringPhysicianName: "",
    studyDescription: "",
  };
}
