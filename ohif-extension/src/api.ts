import type { Feedback, StoredFeedback } from "../../src/contract/feedback.ts";
import type { HeatMapResource } from "../../src/contract/heat-map.ts";
import type { Label } from "../../src/contract/labels.ts";
import type { Preview } from "../../src/contract/preview.ts";
import type { Reading, Session } from "../../src/contract/reading.ts";
import type { StudyResource } from "../../src/contract/study.ts";
import type { WorklistItem, WorklistPage } from "../../src/contract/worklist.ts";

/** Vigil's HTTP API, on the origin that serves this page. */

/** Vigil answered, but not with what was asked for. */
export class ApiError extends Error {
  readonly status: number;
  /** When to try again, where Vigil told. */
  readonly retryAfterS: number | null;

  constructor(answer: Response) {
    super(`Vigil answered ${answer.status} for ${answer.url}`);
    this.status = answer.status;
    const seconds = Number.parseInt(answer.headers.get("retry-after") ?? "", 10);
    this.retryAfterS = Number.isNaN(seconds) ? null : seconds;
  }
}

/** Vigil did not answer. */
export class Unreachable extends Error {
  constructor(cause: unknown) {
    super("Vigil cannot be reached", { cause });
  }
}

const PAGE_SIZE = 500;
/** 50,000 studies: flagged ones come first, so that none of them is beyond. */
const MAX_PAGES = 100;

/** All studies that Vigil knows, most urgent first. */
export async function fetchWorklist(): Promise<WorklistItem[]> {
  const items: WorklistItem[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < MAX_PAGES; page++) {
    const query = new URLSearchParams({ limit: String(PAGE_SIZE), ...(cursor === null ? {} : { cursor }) });
    const answer: WorklistPage = await requestJson<WorklistPage>(`/api/worklist?${query}`);
    items.push(...answer.items);
    cursor = answer.nextCursor;
    if (cursor === null) break;
  }
  return items;
}

/** The result of a study; undefined when Vigil does not know it. */
export function fetchStudy(studyInstanceUid: string): Promise<StudyResource | undefined> {
  return requestIfThere<StudyResource>(studyPath(studyInstanceUid));
}

/** Where the model sees a label; undefined when there is no heat map. */
export function fetchHeatMap(studyInstanceUid: string, label: Label): Promise<HeatMapResource | undefined> {
  return requestIfThere<HeatMapResource>(`${studyPath(studyInstanceUid)}/heatmap?label=${label}`);
}

/** A study at a glance; undefined when Vigil does not know it. */
export function fetchPreview(studyInstanceUid: string, signal: AbortSignal): Promise<Preview | undefined> {
  return requestIfThere<Preview>(`${studyPath(studyInstanceUid)}/preview`, { signal });
}

/** An image of this origin. */
export async function fetchImage(url: string, signal: AbortSignal): Promise<Blob> {
  return (await request(url, { signal })).blob();
}

/** Who is signed in; null when Vigil is not told. */
export async function fetchSession(): Promise<Session> {
  return requestJson<Session>("/api/session");
}

export function sendFeedback(studyInstanceUid: string, feedback: Feedback): Promise<StoredFeedback> {
  return requestJson<StoredFeedback>(`${studyPath(studyInstanceUid)}/feedback`, withBody("POST", feedback));
}

/** Nothing is erased: the answer comes back with the time at which it was taken back. */
export function withdrawFeedback(studyInstanceUid: string, id: string): Promise<StoredFeedback> {
  return requestJson<StoredFeedback>(`${studyPath(studyInstanceUid)}/feedback/${encodeURIComponent(id)}`, {
    method: "DELETE",
  });
}

/** Tells others that somebody has the study open; to be repeated. */
export function claimReading(studyInstanceUid: string, name: string): Promise<Reading> {
  return requestJson<Reading>(`${studyPath(studyInstanceUid)}/reading`, withBody("PUT", { reader: name }));
}

/** Sent even while the page goes. */
export async function releaseReading(studyInstanceUid: string, name: string): Promise<void> {
  await request(`${studyPath(studyInstanceUid)}/reading`, { ...withBody("DELETE", { reader: name }), keepalive: true });
}

/** Has a study read and scored again. */
export async function requestRescore(studyInstanceUid: string): Promise<void> {
  await request(`${studyPath(studyInstanceUid)}/rescore`, { method: "POST" });
}

/** Whether the PACS still holds a study: QIDO-RS (PS3.18 10.6) answers with nothing where it does not. */
export async function isInPacs(studyInstanceUid: string): Promise<boolean> {
  const query = new URLSearchParams({ StudyInstanceUID: studyInstanceUid, limit: "1" });
  const answer = await request(`/pacs/studies?${query}`, { headers: { accept: "application/dicom+json" } });
  return answer.status !== 204 && ((await answer.json()) as unknown[]).length > 0;
}

function withBody(method: string, body: object): RequestInit {
  return { method, headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
}

function studyPath(studyInstanceUid: string): string {
  return `/api/studies/${encodeURIComponent(studyInstanceUid)}`;
}

/** A service that takes longer is as good as gone. */
const TIMEOUT_MS = 20_000;

async function request(url: string, init?: RequestInit): Promise<Response> {
  const signals = [AbortSignal.timeout(TIMEOUT_MS), ...(init?.signal ? [init.signal] : [])];
  const answer = await fetch(url, { ...init, signal: AbortSignal.any(signals) }).catch((error) => {
    throw new Unreachable(error);
  });
  if (!answer.ok) throw new ApiError(answer);
  return answer;
}

async function requestJson<T>(url: string, init?: RequestInit): Promise<T> {
  return (await (await request(url, init)).json()) as T;
}

async function requestIfThere<T>(url: string, init?: RequestInit): Promise<T | undefined> {
  try {
    return await requestJson<T>(url, init);
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return undefined;
    throw error;
  }
}
