import { type DicomJson, dicomJsonSchema, firstNumber, firstText, items } from "../dicom/dicom-json.ts";
import { VigilError } from "../errors.ts";

const FAILED_SOP_SEQUENCE = "00081198";
const REFERENCED_SOP_INSTANCE_UID = "00081155";
const FAILURE_REASON = "00081197";

/** Failure Reasons (PS3.3 C.14.1.1) that mean the instance is there already, and that it may go better later. */
const DUPLICATE_SOP_INSTANCE = 0x0111;
const OUT_OF_RESOURCES = 0xa700;
const PROCESSING_FAILURE = 0x0110;

/**
 * Checks what the PACS says about each instance it was given (Store Instances Response Module, PS3.18 annex I).
 * Holding the same SOP instance already counts as success.
 * @throws VigilError pacs-busy, pacs-refused, pacs-answer-invalid
 */
export function assertStored(response: unknown): void {
  for (const failure of items(parseResponse(response), FAILED_SOP_SEQUENCE)) {
    const reason = firstNumber(failure, FAILURE_REASON) ?? 0;
    if (reason === DUPLICATE_SOP_INSTANCE) continue;
    const transient = reason === PROCESSING_FAILURE || (reason & 0xff00) === OUT_OF_RESOURCES;
    const instance = firstText(failure, REFERENCED_SOP_INSTANCE_UID);
    const hexReason = `0x${reason.toString(16).padStart(4, "0")}`;
    throw new VigilError(
      transient ? "pacs-busy" : "pacs-refused",
      `the PACS did not store ${instance}: Failure Reason ${hexReason} (PS3.3 C.14.1.1)`,
    );
  }
}

function parseResponse(response: unknown): DicomJson {
  try {
    return dicomJsonSchema.parse(JSON.parse(String(response)));
  } catch (cause) {
    const message = "the PACS answered STOW-RS with something that is not DICOM JSON";
    throw new VigilError("pacs-answer-invalid", message, { cause });
  }
}
