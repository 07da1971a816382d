import { readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { type HealthCheck, healthCheckSchema } from "../contract/health.ts";
import { type ModelRef, modelRefSchema } from "../contract/model.ts";
import type { StudyState } from "../contract/study-state.ts";
import { writeWhole } from "../training/dataset/whole-file.ts";

/**
 * How other commands find the service that has a data folder open: it leaves its address there. A file that a service
 * left behind when it was killed names a process that is gone, or an address where no Vigil answers: both are no service.
 */

const serviceSchema = z.object({
  pid: z.int().positive(),
  url: z.url({ protocol: /^https?$/ }),
  startedAt: z.iso.datetime(),
});
export type ServiceFile = z.infer<typeof serviceSchema>;

/** What a service says of itself. */
export interface RunningService extends ServiceFile {
  /** The parts it needs, as it finds them right now. */
  checks: HealthCheck[];
  /** null: more than are counted here */
  studies: number | null;
  queue: { waiting: number; active: number };
  model: (ModelRef & { provider: string | null }) | null;
}

const PATIENCE_MS = 5000;
const MOST_COUNTED = 500;

const fileIn = (dataDir: string) => path.join(dataDir, "service.json");

export async function leaveAddress(dataDir: string, url: string): Promise<void> {
  const service: ServiceFile = { pid: process.pid, url, startedAt: new Date().toISOString() };
  await writeWhole(fileIn(dataDir), `${JSON.stringify(service)}\n`);
}

/** Takes back our own address, and no other one's. */
export function removeAddress(dataDir: string): void {
  if (readAddress(dataDir)?.pid === process.pid) rmSync(fileIn(dataDir), { force: true });
}

/** undefined: no service has left its address, or the one that did is gone. */
export function readAddress(dataDir: string): ServiceFile | undefined {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(fileIn(dataDir), "utf8"));
  } catch {
    return undefined;
  }
  const service = serviceSchema.safeParse(content);
  return service.success && isAlive(service.data.pid) ? service.data : undefined;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It is there, and another user's.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Asks the service how it is; undefined when nobody answers there as a Vigil does. */
export async function askService(service: ServiceFile): Promise<RunningService | undefined> {
  try {
    await ask(service, "health/live", z.object({ live: z.literal(true), version: z.string() }));
    const { checks } = await ask(service, "health/ready", z.object({ checks: z.array(healthCheckSchema) }));
    const model = (await ask(service, "models", modelsSchema)).items.find(({ active }) => active);
    const [received, waiting, scoring, all] = [
      await count(service, "received"),
      await count(service, "waiting"),
      await count(service, "scoring"),
      await count(service),
    ];
    return {
      ...service,
      checks,
      studies: all > MOST_COUNTED ? null : all,
      queue: { waiting: received + waiting, active: scoring },
      model: model === undefined ? null : { name: model.name, version: model.version, provider: model.provider },
    };
  } catch {
    return undefined;
  }
}

const modelsSchema = z.object({
  items: z.array(modelRefSchema.extend({ active: z.boolean(), provider: z.string().nullable() })),
});

/** Of a page only what is counted: the items of another version may be others. */
const pageSchema = z.object({ items: z.array(z.unknown()), nextCursor: z.string().nullable() });

/** One more than are counted where there are more. */
async function count(service: ServiceFile, state?: StudyState): Promise<number> {
  const only = state === undefined ? "" : `&state=${state}`;
  const { items, nextCursor } = await ask(service, `worklist?limit=${MOST_COUNTED}${only}`, pageSchema);
  return items.length + (nextCursor === null ? 0 : 1);
}

async function ask<T>({ url }: ServiceFile, route: string, schema: z.ZodType<T>): Promise<T> {
  const answer = await fetch(`${url}/api/${route}`, { signal: AbortSignal.timeout(PATIENCE_MS), redirect: "error" });
  return schema.parse(await answer.json());
}
