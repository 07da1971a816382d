import { parentPort, workerData } from "node:worker_threads";

/** A thread that does what it is told: answers, fails, dies, takes its time, never comes back, or takes all memory. */
export interface FragileRequest {
  do: "answer" | "fail" | "die" | "wait" | "hang" | "hoard";
  value?: number;
  code?: string;
}

const WAIT_MS = 300;
const { refuse, nth } = workerData as { refuse?: boolean; nth: string };

if (refuse) {
  parentPort!.postMessage({ type: "refused", code: "model-invalid", message: "no such model" });
} else {
  parentPort!.on("message", (request: FragileRequest) => {
    if (request.do === "answer") parentPort!.postMessage({ type: "answer", answer: (request.value ?? 0) * 2 });
    if (request.do === "fail")
      parentPort!.postMessage({ type: "error", code: request.code, message: "cannot do that" });
    if (request.do === "die") process.exit(7);
    if (request.do === "hang") for (;;);
    if (request.do === "hoard") for (const hoard: unknown[] = []; ; ) hoard.push(new Array(1000).fill(hoard.length));
    if (request.do === "wait") setTimeout(() => parentPort!.postMessage({ type: "answer", answer: 0 }), WAIT_MS);
  });
  parentPort!.postMessage({ type: "ready", ready: nth });
}
