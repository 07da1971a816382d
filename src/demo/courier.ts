import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import type { Pacs } from "../dicomweb/pacs.ts";
import { toVigilError, VigilError } from "../errors.ts";
import type { DemoStudy } from "./studies.ts";

/** Less than Orthanc and Vigil wait for another image. */
const BETWEEN_IMAGES_MS = 400;

/** Brings studies to the demo's PACS, each in its own way. */
export class Courier {
  readonly #pacs: Pacs;
  readonly #orthancUrl: string;
  readonly #stopping = new AbortController();
  /** Of the studies that are on their way image by image. */
  readonly #underWay = new Map<string, { end: AbortController; ended: Promise<void> }>();

  constructor(pacs: Pacs, orthancUrl: string) {
    this.#pacs = pacs;
    this.#orthancUrl = orthancUrl;
  }

  /**
   * A whole study is there when the promise resolves; one that arrives image by image is on its way then.
   * @returns what could not be sent, in words
   */
  async send(study: DemoStudy): Promise<string[]> {
    if (study.course === "whole") return this.#sendWhole(study);
    const end = new AbortController();
    const signal = AbortSignal.any([end.signal, this.#stopping.signal]);
    this.#underWay.set(study.studyInstanceUid, { end, ended: this.#sendSlowly(study, signal) });
    return [];
  }

  /** Deletes a study, as somebody at the PACS would. @throws VigilError pacs-refused */
  async deleteFromPacs({ studyInstanceUid }: DemoStudy): Promise<void> {
    const sending = this.#underWay.get(studyInstanceUid);
    sending?.end.abort();
    await sending?.ended;
    const found = await this.#ask("POST", "/tools/lookup", studyInstanceUid);
    const matches = z.array(z.object({ ID: z.string(), Type: z.string() })).parse(await found.json());
    for (const { ID, Type } of matches) if (Type === "Study") await this.#ask("DELETE", `/studies/${ID}`);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all([...this.#underWay.values()].map(({ ended }) => ended));
  }

  async #sendWhole({ description, portions }: DemoStudy): Promise<string[]> {
    const problems: string[] = [];
    for await (const files of portions()) {
      try {
        await this.#pacs.store(files);
      } catch (error) {
        problems.push(`${description}: not all images were sent: ${toVigilError(error).message}`);
      }
    }
    return problems;
  }

  /** Nobody waits for these images: where one cannot be sent, the study stays without it. */
  async #sendSlowly(study: DemoStudy, signal: AbortSignal): Promise<void> {
    try {
      for await (const files of study.portions()) {
        for (const file of files) {
          if (signal.aborted) return;
          await this.#pacs.store([file], signal);
          await delay(BETWEEN_IMAGES_MS, undefined, { signal });
        }
      }
    } catch (error) {
      if (!signal.aborted) process.stderr.write(`vigil: ${study.description}: ${toVigilError(error).message}\n`);
    }
  }

  async #ask(method: string, route: string, body?: string): Promise<Response> {
    const answer = await fetch(this.#orthancUrl + route, { method, ...(body !== undefined && { body }) });
    if (!answer.ok) throw new VigilError("pacs-refused", `${method} ${route} was answered ${answer.status}`);
    return answer;
  }
}
