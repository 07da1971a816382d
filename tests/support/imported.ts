import { readFileSync } from "node:fs";
import path from "node:path";
import { Dataset } from "../../src/training/dataset/dataset.ts";
import type { InstanceRecord } from "../../src/training/dataset/instance-record.ts";
import type { LabelRow } from "../../src/training/dataset/label-row.ts";
import { type CommandResult, runEntry } from "./command.ts";

/** `vigil dataset …` as its own process. */
export function datasetCommand(...args: string[]): Promise<CommandResult> {
  return runEntry("src/cli.ts", ["dataset", ...args]);
}

/** The same with --json, which must succeed. */
export async function datasetJson<T>(...args: string[]): Promise<T> {
  const { code, stdout, stderr } = await datasetCommand(...args, "--json");
  if (code !== 0) throw new Error(`exit code ${code}: ${stderr}`);
  return JSON.parse(stdout) as T;
}

async function allOf<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

export async function recordsIn(dir: string): Promise<InstanceRecord[]> {
  return allOf((await Dataset.open(dir)).instances());
}

export async function labelsIn(dir: string): Promise<LabelRow[]> {
  return allOf((await Dataset.open(dir)).labelRows());
}

export function textOf(dir: string, file: string): string {
  return readFileSync(path.join(dir, file), "utf8");
}

/** As `--json` of the imports has it. */
export interface ToldProblem {
  code: string;
  count: number;
  examples: string[];
}

/** How often each problem was told. */
export function countsOf(problems: ToldProblem[]): Record<string, number> {
  return Object.fromEntries(problems.map(({ code, count }) => [code, count]));
}
