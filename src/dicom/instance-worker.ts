import { parentPort } from "node:worker_threads";
import { toVigilError } from "../errors.ts";
import { readSlices } from "./slice.ts";
import type { StoredObject } from "./source.ts";

/** A thread that reads instances. */

const port = parentPort!;

port.on("message", async (instance: StoredObject) => {
  try {
    const answer = await readSlices(instance);
    const buffers = new Set(answer.map(({ hu }) => hu.buffer as ArrayBuffer));
    port.postMessage({ type: "answer", answer }, [...buffers]);
  } catch (error) {
    const { code, message } = toVigilError(error);
    // What the reading code did not foresee is a fault of this one instance, not of the work.
    if (code !== "internal") port.postMessage({ type: "error", code, message });
    else port.postMessage({ type: "error", message: `${instance.file ?? "an instance"} cannot be read: ${message}` });
  }
});
port.postMessage({ type: "ready", ready: null });
