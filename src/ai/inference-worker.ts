import { parentPort, workerData } from "node:worker_threads";
import { toVigilError } from "../errors.ts";
import { type InferenceRequest, openSession, type SessionSettings } from "./inference-session.ts";

/** A thread with its own copy of the model: onnxruntime's run() blocks the thread that calls it. */

const port = parentPort!;

try {
  const session = await openSession(workerData as SessionSettings);
  port.on("message", async (request: InferenceRequest) => {
    try {
      const answer = await session.infer(request);
      port.postMessage(
        { type: "answer", answer },
        Object.values(answer).map(({ data }) => data.buffer as ArrayBuffer),
      );
    } catch (error) {
      port.postMessage({ type: "error", message: `the model could not be run: ${toVigilError(error).message}` });
    }
  });
  port.postMessage({ type: "ready", ready: session.facts });
} catch (error) {
  const { code, message } = toVigilError(error);
  port.postMessage({ type: "refused", code, message });
}
