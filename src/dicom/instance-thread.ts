import { parentPort } from "node:worker_threads";
import { toVigilError } from "../errors.ts";
import type { StoredObject } from "./source.ts";

/**
 * Makes this thread one of an `InstanceReader`: answers each instance with what `read` makes of it.
 * @param buffersOf what of an answer moves to the asking thread instead of being copied
 */
export function answerInstances<Answer>(
  read: (instance: StoredObject) => Promise<Answer>,
  buffersOf: (answer: Answer) => ArrayBufferLike[],
): void {
  const port = parentPort!;
  port.on("message", async (instance: StoredObject) => {
    try {
      const answer = await read(instance);
      port.postMessage({ type: "answer", answer }, [...new Set(buffersOf(answer) as ArrayBuffer[])]);
    } catch (error) {
      const { code, message } = toVigilError(error);
      // What the reading code did not foresee is a fault of this one instance, not of the work.
      if (code !== "internal") port.postMessage({ type: "error", code, message });
      else port.postMessage({ type: "error", message: `${instance.file ?? "an instance"} cannot be read: ${message}` });
    }
  });
  port.postMessage({ type: "ready", ready: null });
}
