import { setTimeout as delay } from "node:timers/promises";
import { type StudyResource, studyResourceSchema } from "../contract/study.ts";
import { type WorklistItem, worklistPageSchema } from "../contract/worklist.ts";
import type { Pacs } from "../dicomweb/pacs.ts";
import type { Courier } from "./courier.ts";
import type { DemoStudy } from "./studies.ts";
import { type DemoRow, LiveTable } from "./table.ts";

/** What `npm run demo -- --json` prints for each study. */
export interface DemoResult {
  studyInstanceUid: string;
  description: string;
  state: StudyResource["state"] | null;
  flag: StudyResource["flag"] | null;
  probabilities: StudyResource["probabilities"];
  srSopInstanceUid: string | null;
  /** From the last image sent to the final state; of a study that is still arriving from the first one. */
  seconds: number;
}

export interface DemoOutcome {
  studies: DemoResult[];
  /** What is not as expected, in words; empty when all is well. */
  problems: string[];
}

export interface WatchOptions {
  vigilUrl: string;
  pacs: Pacs;
  courier: Courier;
  signal: AbortSignal;
}

interface Watched extends DemoRow {
  study: DemoStudy;
  sentAt: number;
}

const FINAL_STATES = ["reported", "not-analysed", "failed"];
/** Without any change. */
const GIVE_UP_AFTER_MS = 180_000;
const LOOK_EVERY_MS = 250;
const MOST_LISTED = 500;

/** Sends the studies to the PACS, shows what becomes of them, and compares with what is expected. */
export async function watchStudies(studies: DemoStudy[], options: WatchOptions): Promise<DemoOutcome> {
  const { vigilUrl, pacs, courier, signal } = options;
  const rows: Watched[] = [];
  const outcome: DemoOutcome = { studies: [], problems: [] };
  // Those that come slowly set out first.
  for (const study of studies.toSorted((a, b) => Number(a.course === "whole") - Number(b.course === "whole"))) {
    if (signal.aborted) break;
    outcome.problems.push(...(await courier.send(study)));
    const { studyInstanceUid, description } = study;
    rows.push({ studyInstanceUid, description, item: undefined, seconds: 0, sentAt: performance.now(), study });
  }
  rows.sort((a, b) => studies.indexOf(a.study) - studies.indexOf(b.study));
  await follow(rows, options);
  for (const { study, seconds } of rows) {
    const resource = await studyResource(vigilUrl, study.studyInstanceUid);
    outcome.studies.push(demoResult(study, resource, seconds));
    outcome.problems.push(...(await differences(study, resource, pacs)));
  }
  return outcome;
}

async function follow(rows: Watched[], { vigilUrl, courier, signal }: WatchOptions): Promise<void> {
  const table = new LiveTable();
  const deleted = new Set<Watched>();
  let changedAt = performance.now();
  let before = "";
  while (!signal.aborted && performance.now() - changedAt < GIVE_UP_AFTER_MS) {
    const items = new Map((await worklist(vigilUrl)).map((item) => [item.studyInstanceUid, item]));
    for (const row of rows) {
      if (isFinal(row)) continue;
      row.item = items.get(row.studyInstanceUid) ?? row.item;
      row.seconds = (performance.now() - row.sentAt) / 1000;
      if (row.study.course !== "deleted" || row.item?.state !== "waiting" || deleted.has(row)) continue;
      deleted.add(row);
      await courier.deleteFromPacs(row.study);
    }
    const now = JSON.stringify(rows.map(({ item }) => [item?.state, item?.progress]));
    if (now !== before) changedAt = performance.now();
    before = now;
    table.draw(rows);
    if (rows.every(isSettled)) return;
    await delay(LOOK_EVERY_MS, undefined, { signal }).catch(() => {});
  }
}

function isFinal({ item }: Watched): boolean {
  return item !== undefined && FINAL_STATES.includes(item.state);
}

/** A study that is still arriving waits, and that is all there is to see of it. */
function isSettled(row: Watched): boolean {
  return isFinal(row) || (row.study.course === "arriving" && row.item?.state === "waiting");
}

async function worklist(vigilUrl: string): Promise<WorklistItem[]> {
  const answer = await fetch(`${vigilUrl}/api/worklist?limit=${MOST_LISTED}`);
  return worklistPageSchema.parse(await answer.json()).items;
}

async function studyResource(vigilUrl: string, studyInstanceUid: string): Promise<StudyResource | undefined> {
  const answer = await fetch(`${vigilUrl}/api/studies/${studyInstanceUid}`);
  return answer.ok ? studyResourceSchema.parse(await answer.json()) : undefined;
}

function srUid(resource: StudyResource | undefined): string | null {
  return resource?.deliveries.find((delivery) => delivery.kind === "sr")?.sopInstanceUid ?? null;
}

function demoResult(study: DemoStudy, resource: StudyResource | undefined, seconds: number): DemoResult {
  return {
    studyInstanceUid: study.studyInstanceUid,
    description: study.description,
    state: resource?.state ?? null,
    flag: resource?.flag ?? null,
    probabilities: resource?.probabilities ?? null,
    srSopInstanceUid: srUid(resource),
    seconds: Number(seconds.toFixed(1)),
  };
}

async function differences(study: DemoStudy, resource: StudyResource | undefined, pacs: Pacs): Promise<string[]> {
  const { expected, description } = study;
  if (resource === undefined) return [`${description}: Vigil never saw this study`];
  if (expected !== null && resource.state !== expected.state) {
    const why = resource.error === null ? "" : `: ${resource.error.message}`;
    return [`${description}: expected ${expected.state}, but it is ${resource.state}${why}`];
  }
  if (expected !== null && !expected.flags.includes(resource.flag)) {
    return [`${description}: expected ${expected.flags.join(" or ")}, but it is flagged ${resource.flag}`];
  }
  if (expected === null && !FINAL_STATES.includes(resource.state)) {
    return [`${description}: it has no result yet, it is ${resource.state}`];
  }
  if (resource.state !== "reported") return [];
  const sr = srUid(resource);
  if (sr !== null && (await pacs.hasInstance(study.studyInstanceUid, sr))) return [];
  return [`${description}: its structured report cannot be read back from Orthanc`];
}
