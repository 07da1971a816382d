import type { HealthCheck } from "../contract/health.ts";
import { toVigilError } from "../errors.ts";
import type { ScoringEngine } from "../scoring/engine.ts";
import type { TriageContext } from "./context.ts";

const PATIENCE_MS = 3000;

/** Whether the parts that triage needs work right now. */
export async function checkHealth(
  { database, pacs }: TriageContext,
  engine: ScoringEngine | undefined,
): Promise<HealthCheck[]> {
  const kind = database.embedded ? "embedded" : "PostgreSQL";
  const checks = [check("database", kind, () => database.ping())];
  for (const one of pacs) {
    checks.push(check(`pacs ${one.name}`, one.config.dicomweb, () => one.ping(AbortSignal.timeout(PATIENCE_MS))));
  }
  if (engine !== undefined) {
    const { model, provider } = engine;
    checks.push(check("model", `${model.name} ${model.version} on ${provider}`, async () => {}));
  }
  return Promise.all(checks);
}

async function check(name: string, detail: string, examine: () => Promise<void>): Promise<HealthCheck> {
  try {
    await examine();
    return { name, ok: true, detail };
  } catch (error) {
    return { name, ok: false, detail: toVigilError(error).message };
  }
}
