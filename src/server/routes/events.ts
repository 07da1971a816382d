import type { Request, Response } from "express";
import { type TriageEvent, triageEventSchema } from "../../contract/event.ts";
import { VigilError } from "../../errors.ts";
import type { Triage } from "../../triage/triage.ts";
import type { Route } from "../define-route.ts";

const HEARTBEAT_MS = 15_000;
const RECONNECT_AFTER_MS = 2000;
/** A reader that lags so far behind does better with a new connection and a fresh work list. */
const BACKLOG_BYTES = 4 * 1024 * 1024;
const MOST_STREAMS = 200;

/** @param closing ends all streams, so that the server can close */
export function eventRoutes(triage: Triage, closing: AbortSignal): Route[] {
  const open = new Set<Response>();
  return [
    {
      method: "get",
      path: "/api/events",
      tag: "events",
      summary: "Changes as they happen, as Server-Sent Events",
      description:
        "`event:` is the type, `data:` the other members as JSON. Nothing is sent again: after every connection and " +
        "reconnection, read the work list once.",
      answers: { 200: { description: "A stream", schema: triageEventSchema, contentType: "text/event-stream" } },
      errors: ["too-many-streams"],
      handlers: [
        (request, response) => {
          if (request.method !== "HEAD") admit(open, response);
          streamEvents(request, response, triage, closing);
        },
      ],
    },
  ];
}

/** @throws VigilError too-many-streams */
function admit(open: Set<Response>, response: Response): void {
  if (open.size >= MOST_STREAMS) {
    response.set("retry-after", String(RECONNECT_AFTER_MS / 1000));
    throw new VigilError("too-many-streams", `${MOST_STREAMS} event streams are open; close some of them`);
  }
  open.add(response);
  response.once("close", () => open.delete(response));
}

function streamEvents(request: Request, response: Response, triage: Triage, closing: AbortSignal): void {
  // no-transform: a proxy that compresses would hold events back; x-accel-buffering says the same to nginx.
  response.set({ "cache-control": "no-store, no-transform", "x-accel-buffering": "no" }).type("text/event-stream");
  if (request.method === "HEAD" || closing.aborted) {
    response.end();
    return;
  }
  // Before the client learns that it is connected: from then on it must not miss anything.
  const unsubscribe = triage.subscribe((event) => {
    response.write(message(event));
    if (response.writableLength > BACKLOG_BYTES) response.destroy();
  });
  const heartbeat = setInterval(() => response.write(":\n\n"), HEARTBEAT_MS);
  const end = () => response.end();
  closing.addEventListener("abort", end);
  response.once("close", () => {
    unsubscribe();
    clearInterval(heartbeat);
    closing.removeEventListener("abort", end);
  });
  response.write(`retry: ${RECONNECT_AFTER_MS}\n\n`);
}

function message({ type, ...data }: TriageEvent): string {
  return `event: ${type}\ndata: ${JSON.stringify(data)}\n\n`;
}
