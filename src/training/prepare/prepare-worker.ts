import { parentPort, workerData } from "node:worker_threads";
import { toVigilError } from "../../errors.ts";
import type { PrepareSpec } from "./prepare-spec.ts";
import { prepareStudy, type StudyToPrepare } from "./prepare-study.ts";

/** A thread that reads studies and prepares their images. */

const port = parentPort!;
const spec = workerData as PrepareSpec;

port.on("message", async (study: StudyToPrepare) => {
  try {
    const answer = await prepareStudy(study, spec);
    const buffers = [answer.bytes.buffer, ...(answer.masks === null ? [] : [answer.masks.buffer])];
    port.postMessage({ type: "answer", answer }, buffers);
  } catch (error) {
    const { code, message } = toVigilError(error);
    port.postMessage({ type: "error", code, message });
  }
});
port.postMessage({ type: "ready", ready: null });
