import { setTimeout as delay } from "node:timers/promises";
import type { PacsConfig } from "../config.ts";
import { type StudyResource, studyResourceSchema } from "../contract/study.ts";
import { type WorklistItem, worklistPageSchema } from "../contract/worklist.ts";
import { Pacs } from "../dicomweb/pacs.ts";
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
  /** From the last image sent to the final state. */
  seconds: number;
}

export interface DemoOutcome {
  studies: DemoResult[];
  /** What is not as expected, in words; empty when all is well. */
  problems: string[];
}

const FINAL_STATES = ["reported", "not-analysed", "failed"];
const GIVE_UP_AFTER_S = 180;
const LOOK_EVERY_MS = 250;

/** Sends the studies to the PACS, shows what becomes of them, and compares with what is expected. */
export async function watchStudies(
  studies: DemoStudy[],
  { vigilUrl, pacs, signal }: { vigilUrl: string; pacs: PacsConfig; signal: AbortSignal },
): Promise<DemoOutcome> {
  const client = new Pacs(pacs);
  const rows = new Map<string, DemoRow & { sentAt: number }>();
  const table = new LiveTable();
  for (const study of studies) {
    for (const series of study.series) await client.store(series.instances.map((instance) => instance.bytes));
    rows.set(study.studyInstanceUid, {
      description: study.description,
      item: undefined,
      seconds: 0,
      sentAt: performance.now(),
    });
  }
  const giveUpAt = performance.now() + GIVE_UP_AFTER_S * 1000;
  while (!signal.aborted && performance.now() < giveUpAt) {
    for (const item of await worklist(vigilUrl)) {
      const row = rows.get(item.studyInstanceUid);
      if (row !== undefined && !isFinal(row.item)) row.item = item;
    }
    for (const row of rows.values()) if (!isFinal(row.item)) row.seconds = (performance.now() - row.sentAt) / 1000;
    table.draw([...rows.values()]);
    if ([...rows.values()].every((row) => isFinal(row.item))) break;
    await delay(LOOK_EVERY_MS, undefined, { signal }).catch(() => {});
  }
  const outcome: DemoOutcome = { studies: [], problems: [] };
  for (const study of studies) {
    const resource = await studyResource(vigilUrl, study.studyInstanceUid);
    outcome.studies.push(demoResult(study, resource, rows.get(study.studyInstanceUid)!.seconds));
    outcome.problems.push(...(await differences(study, resource, client)));
  }
  return outcome;
}

function isFinal(item: WorklistItem | undefined): boolean {
  return item !== undefined && FINAL_STATES.includes(item.state);
}

async function worklist(vigilUrl: string): Promise<WorklistItem[]> {
  const answer = await fetch(`${vigilUrl}/api/worklist`);
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
  if (resource.state !== expected.state) {
    const why = resource.error === null ? "" : `: ${resource.error.message}`;
    return [`${description}: expected ${expected.state}, but it is ${resource.state}${why}`];
  }
  if (!expected.flags.includes(resource.flag)) {
    return [`${description}: expected ${expected.flags.join(" or ")}, but it is flagged ${resource.flag}`];
  }
  if (expected.state !== "reported") return [];
  const sr = srUid(resource);
  if (sr !== null && (await pacs.hasInstance(study.studyInstanceUid, sr))) return [];
  return [`${description}: its structured report cannot be read back from Orthanc`];
}
