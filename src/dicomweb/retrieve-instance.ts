import { setTimeout as delay } from "node:timers/promises";
import { backoffMs } from "../backoff.ts";
import type { PacsConfig } from "../config.ts";
import { parsePart10 } from "../dicom/part10.ts";
import { toVigilError, VigilError } from "../errors.ts";
import { pacsHeaders } from "../pacs-credentials.ts";
import { BYTES_PER_MIB, type HttpRequest, type RequestGate, sendRequest, statusError } from "./http.ts";
import { bodyParts } from "./multipart.ts";

/** The names of one instance, from the outside in. */
export interface InstancePath {
  studyInstanceUid: string;
  seriesInstanceUid: string;
  sopInstanceUid: string;
}

/** As it is stored, in whatever transfer syntax (PS3.18 8.7.3.5.2): asked to transcode, Orthanc may break down. */
const AS_STORED = 'multipart/related; type="application/dicom"; transfer-syntax=*';

const TRIES = 3;
const PAUSE = { firstMs: 200, maxMs: 5000 };

/**
 * One instance as a Part 10 file (WADO-RS). One that arrives broken, or that is not the one asked for, is asked for
 * again.
 * @throws VigilError as Pacs does; study-incomplete when the PACS does not give what it has listed
 */
export async function retrieveInstance(
  config: PacsConfig,
  path: InstancePath,
  signal: AbortSignal | undefined,
  gate?: RequestGate,
): Promise<Uint8Array> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await retrieveOnce(config, path, signal, gate);
    } catch (error) {
      const { kind } = toVigilError(error);
      if (attempt === TRIES || kind === "permanent" || signal?.aborted) throw error;
      // Given up in the pause, the next attempt ends at once and says so.
      await delay(backoffMs(attempt, PAUSE), undefined, { signal }).catch(() => {});
    }
  }
}

async function retrieveOnce(
  config: PacsConfig,
  path: InstancePath,
  signal: AbortSignal | undefined,
  gate?: RequestGate,
): Promise<Uint8Array> {
  const { studyInstanceUid, seriesInstanceUid, sopInstanceUid } = path;
  const request: HttpRequest = {
    method: "GET",
    url: `${config.dicomweb}/studies/${studyInstanceUid}/series/${seriesInstanceUid}/instances/${sopInstanceUid}`,
    headers: { ...pacsHeaders(config), accept: AS_STORED },
    timeoutMs: config.timeoutS * 1000,
    maxBytes: config.maxInstanceMiB * BYTES_PER_MIB,
    signal,
    gate,
  };
  const answer = await sendRequest(request);
  const error = statusError(request, answer);
  if (error?.code === "study-not-in-pacs") {
    const message = `the PACS has listed instance ${sopInstanceUid} and does not hold it now`;
    throw new VigilError("study-incomplete", message, { cause: error });
  }
  if (error !== undefined) throw error;
  return chosenPart(bodyParts(answer.headers.get("content-type") ?? "", answer.body), sopInstanceUid);
}

function chosenPart(parts: Uint8Array[], sopInstanceUid: string): Uint8Array {
  const uids = parts.map(sopInstanceUidOf);
  const asked = parts[uids.indexOf(sopInstanceUid)];
  if (asked !== undefined) return asked;
  // A file that cannot be read is the decoder's to judge: it leaves out that image, says so, and reads the others.
  const [only] = parts;
  if (parts.length === 1 && uids[0] === undefined && isPart10(only!)) return only!;
  const other = uids.find((uid) => uid !== undefined);
  const what = other === undefined ? "no DICOM file" : "another instance";
  throw new VigilError("pacs-answer-invalid", `the PACS sent ${what} when asked for instance ${sopInstanceUid}`);
}

/** Of the data set: the one in the meta header is another in files of the field. */
function sopInstanceUidOf(file: Uint8Array): string | undefined {
  try {
    return parsePart10(file, "an instance", { untilPixels: true }).string("x00080018");
  } catch {
    return undefined;
  }
}

function isPart10(file: Uint8Array): boolean {
  return Buffer.from(file.subarray(128, 132)).toString("latin1") === "DICM";
}
