import { z } from "zod";
import { VigilError } from "../errors.ts";
import { dicomJsonSchema, firstNumber, firstText, items } from "./dicom-json.ts";

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
  const parsed = z
    .string()
    .transform((text, context) => {
      try {
        return JSON.parse(text) as unknown;
      } catch {
        context.addIssue({ code: "custom", message: "not JSON" });
        return z.NEVER;
      }
    })
    .pipe(dicomJsonSchema)
    .safeParse(response);
  if (!parsed.success) {
    throw new VigilError("pacs-answer-invalid", "the PACS answered STOW-RS with something that is not DICOM JSON");
  }
  for (const failure of items(parsed.data, FAILED_SOP_SEQUENCE)) {
    const reason = firstNumber(failure, FAILURE_REASON) ?? 0;
    if (reason === DUPLICATE_SOP_INSTANCE) continue;
    const transient = reason === PROCESSING_FAILURE || (reason & 0xff00) === OUT_OF_RESOURCES;
    throw new VigilError(
      transient ? "pacs-busy" : "pacs-refused",
      `the PACS did not store ${firstText(failure, REFERENCED_SOP_INSTANCE_UID)}: Failure Reason 0x${reason.toString(16).padStart(4, "0")}`,
    );
  }
}
