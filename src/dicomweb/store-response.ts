import { type DicomJson, dicomJsonSchema, firstNumber, firstText, items } from "../dicom/dicom-json.ts";
import { parsePart10 } from "../dicom/part10.ts";
import { VigilError } from "../errors.ts";

const FAILED_SOP_SEQUENCE = "00081198";
const REFERENCED_SOP_SEQUENCE = "00081199";
const REFERENCED_SOP_INSTANCE_UID = "00081155";
const FAILURE_REASON = "00081197";

/** Failure Reasons (PS3.3 C.14.1.1) that mean the instance is there already, and that it may go better later. */
const DUPLICATE_SOP_INSTANCE = 0x0111;
const OUT_OF_RESOURCES = 0xa700;
const PROCESSING_FAILURE = 0x0110;

/**
 * The SOP Instance UIDs of what the PACS says it holds now (Store Instances Response Module, PS3.18 annex I). Holding
 * the same instance already counts. Empty when it says nothing that can be read: some servers answer without a body,
 * or in XML whatever was asked for, and only a query tells then.
 * @throws VigilError pacs-busy, pacs-refused when it did not take an instance
 */
export function storedInstances(response: unknown): Set<string> {
  const answer = parseResponse(response);
  const failures = items(answer, FAILED_SOP_SEQUENCE);
  for (const failure of failures) if (!isDuplicate(failure)) throw notStored(failure);
  const held = [...items(answer, REFERENCED_SOP_SEQUENCE), ...failures];
  return new Set(held.map((item) => firstText(item, REFERENCED_SOP_INSTANCE_UID)));
}

function isDuplicate(failure: DicomJson): boolean {
  return firstNumber(failure, FAILURE_REASON) === DUPLICATE_SOP_INSTANCE;
}

function notStored(failure: DicomJson): VigilError {
  const reason = firstNumber(failure, FAILURE_REASON) ?? 0;
  const transient = reason === PROCESSING_FAILURE || (reason & 0xff00) === OUT_OF_RESOURCES;
  const instance = firstText(failure, REFERENCED_SOP_INSTANCE_UID) || "an instance";
  const hexReason = `0x${reason.toString(16).padStart(4, "0")}`;
  return new VigilError(
    transient ? "pacs-busy" : "pacs-refused",
    `the PACS did not store ${instance}: Failure Reason ${hexReason} (PS3.3 C.14.1.1)`,
  );
}

function parseResponse(response: unknown): DicomJson {
  try {
    const answer: unknown = JSON.parse(String(response));
    // Some put the one data set into a list, as in the answer to a query.
    return dicomJsonSchema.parse(Array.isArray(answer) ? answer[0] : answer);
  } catch {
    return {};
  }
}

/** How an object that was to be stored is asked for. @throws VigilError dicom-unreadable */
export function uidsOf(file: Uint8Array): { studyInstanceUid: string; sopInstanceUid: string } {
  const dataset = parsePart10(file, "the object to be stored", { untilPixels: true });
  const studyInstanceUid = dataset.string("x0020000d");
  const sopInstanceUid = dataset.string("x00080018");
  if (studyInstanceUid === undefined || sopInstanceUid === undefined) {
    throw new VigilError("dicom-unreadable", "the object to be stored has no UIDs");
  }
  return { studyInstanceUid, sopInstanceUid };
}
