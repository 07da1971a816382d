import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { configSchema, type PacsConfig } from "../../src/config.ts";
import { Pacs } from "../../src/dicomweb/pacs.ts";
import { VigilError } from "../../src/errors.ts";

type DicomJson = Record<string, { vr: string; Value?: unknown[] }>;

/** A server of our own, for what a healthy Orthanc never does; it ends when `act` does. */
export async function withServer(answer: RequestListener, act: (url: string) => Promise<void>): Promise<void> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    await act(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

export function configAt(dicomweb: string, settings: Record<string, unknown> = {}): PacsConfig {
  return configSchema.parse({ pacs: [{ dicomweb, timeoutS: 0.5, ...settings }] }).pacs[0]!;
}

export function pacsAt(dicomweb: string, settings: Record<string, unknown> = {}): Pacs {
  return new Pacs(configAt(dicomweb, settings));
}

export function hasCode(...codes: string[]) {
  return (error: unknown) => error instanceof VigilError && codes.includes(error.code);
}

/** Path and query of a request. */
export function address(request: IncomingMessage): URL {
  return new URL(request.url ?? "", "http://localhost");
}

/** An attribute set of DICOM JSON, all UIDs. */
export function uids(values: Record<string, string>): DicomJson {
  return Object.fromEntries(Object.entries(values).map(([tag, uid]) => [tag, { vr: "UI", Value: [uid] }]));
}
