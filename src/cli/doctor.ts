import { type Config, loadConfig } from "../config.ts";
import { toVigilError } from "../errors.ts";
import { adviceFor } from "./doctor-advice.ts";
import { type Check, checksAtAnyTime, checksBeforeStart } from "./doctor-checks.ts";
import type { GlobalOptions } from "./options.ts";
import { colour, printJson, printLine, wrap } from "./print.ts";
import { askService, type RunningService, readAddress } from "./running-service.ts";

interface Finding {
  name: string;
  ok: boolean;
  detail: string;
  /** What to do; "" when there is nothing to do. */
  advice: string;
}

const NAME_WIDTH = 12;

/**
 * `vigil doctor`: a service that runs on this data folder is asked how it is; else what it will need is checked. One line
 * each, with what to do. Exit code 1 when something is wrong.
 */
export async function doctor(options: GlobalOptions): Promise<void> {
  const config = loadConfig(options);
  const address = readAddress(config.data.dir);
  const service = address && (await askService(address));
  const findings: Finding[] = [];
  const add = (finding: Finding) => {
    findings.push(finding);
    if (!options.json) printFinding(finding);
  };
  if (service !== undefined) for (const finding of said(service)) add(finding);
  const checks = service === undefined ? checksBeforeStart(config, address) : checksAtAnyTime(config);
  for (const check of checks) add(await found(check, config));
  const ok = findings.every((finding) => finding.ok);
  if (options.json) printJson({ ok, checks: findings, service: service === undefined ? null : summary(service) });
  else if (ok) printLine(colour("green", service === undefined ? "all is in place: vigil serve" : "all is well"));
  if (!ok) process.exitCode = 1;
}

async function found({ name, examine }: Check, config: Config): Promise<Finding> {
  try {
    const { detail, advice } = await examine();
    return { name, ok: true, detail, advice: advice ?? "" };
  } catch (thrown) {
    const error = toVigilError(thrown);
    return { name, ok: false, detail: error.message, advice: adviceFor(name, error, config) };
  }
}

/** The service itself, then the parts it needs as it finds them. */
function said(service: RunningService): Finding[] {
  const { url, pid, startedAt, studies, queue, model, checks } = service;
  const count = studies === null ? "more than 500 studies" : `${studies} ${studies === 1 ? "study" : "studies"}`;
  const work = `${queue.waiting} waiting, ${queue.active} being scored`;
  const scores = model === null ? "" : `, ${model.name} ${model.version} on ${model.provider ?? "workers elsewhere"}`;
  const detail = `running at ${url} (process ${pid}, since ${startedAt.slice(0, 16).replace("T", " ")} UTC): ${count}, ${work}${scores}`;
  const parts = checks.map(({ name, ok, detail: about }): Finding => {
    const [part = name, ...which] = name.split(" ");
    const advice = ok ? "" : "the service goes on trying: put this right, and it takes up its work by itself";
    return { name: part, ok, detail: which.length === 0 ? about : `${which.join(" ")}: ${about}`, advice };
  });
  return [{ name: "service", ok: true, detail, advice: "" }, ...parts];
}

function summary({ url, pid, startedAt, studies, queue, model }: RunningService) {
  const ref = model === null ? null : { name: model.name, version: model.version };
  return { url, pid, startedAt, studies, queue, model: ref, provider: model?.provider ?? null };
}

function printFinding({ name, ok, detail, advice }: Finding): void {
  const mark = ok ? colour("green", "✓") : colour("red", "✗");
  printLine(`${mark} ${name.padEnd(NAME_WIDTH)} ${wrap(detail, NAME_WIDTH + 3)}`);
  if (advice !== "") printLine(`  ${" ".repeat(NAME_WIDTH)} → ${wrap(advice, NAME_WIDTH + 5)}`);
}
