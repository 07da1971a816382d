import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { WorklistItem } from "../../src/contract/worklist.ts";
import type { CtSeries } from "../../src/phantom/ct-series.ts";
import { PostgresServer } from "../support/database.ts";
import { TestPacs } from "../support/pacs.ts";
import { filesOf, headStudy } from "../support/studies.ts";
import { VigilProcess } from "../support/vigil-process.ts";
import { waitUntil } from "../support/wait.ts";

describe("every study ends reported, with exactly one SR in the PACS,", () => {
  test("when the PACS is down at the start", async (t) => {
    const scene = await Scene.prepare();
    t.after(() => scene.close());
    await scene.vigil.start();
    await scene.pacs.start();
    const studies = await scene.send(1);
    await scene.vigil.until(allReported(studies));
    await scene.assertOneReportEach(studies);
  });

  test("when the PACS is restarted in the middle", async (t) => {
    const scene = await Scene.prepare();
    t.after(() => scene.close());
    await scene.pacs.start();
    const studies = await scene.send(2);
    await scene.vigil.start();
    await scene.vigil.until(someAre("scoring"));
    await scene.pacs.stop("SIGKILL");
    await scene.vigil.until((items) => !someAre("scoring")(items));
    await scene.pacs.start();
    await scene.vigil.until(allReported(studies));
    await scene.assertOneReportEach(studies);
  });

  test("when the service is killed while it scores, and studies come while it is down", async (t) => {
    const scene = await Scene.prepare();
    t.after(() => scene.close());
    await scene.pacs.start();
    const before = await scene.send(2, "before");
    await scene.vigil.start();
    await scene.vigil.until(someAre("scoring"));
    await scene.vigil.kill();
    const meanwhile = await scene.send(1, "meanwhile");
    await scene.vigil.start();
    await scene.vigil.until(allReported([...before, ...meanwhile]));
    await scene.assertOneReportEach([...before, ...meanwhile]);
  });

  test("when a worker on PostgreSQL is killed while it scores and another one takes over", async (t) => {
    const server = await PostgresServer.start();
    const scene = await Scene.prepare();
    t.after(() => scene.close());
    await scene.pacs.start();
    const url = await server.createDatabase();
    const [one, other] = [new VigilProcess(scene.pacs.config(), url), new VigilProcess(scene.pacs.config(), url)];
    try {
      await one.start();
      const studies = await scene.send(2);
      await one.until(someAre("scoring"));
      await one.kill();
      await other.start();
      await other.until(allReported(studies));
      await scene.assertOneReportEach(studies);
    } finally {
      await Promise.all([one.close(), other.close()]);
      await server.stop();
    }
  });

  test("when the PACS has been emptied and is filled again", async (t) => {
    const scene = await Scene.prepare();
    t.after(() => scene.close());
    await scene.pacs.start();
    const studies = await scene.send(1);
    await scene.vigil.start();
    await scene.vigil.until(allReported(studies));
    await scene.pacs.stop();
    scene.pacs.wipe();
    await scene.pacs.start();
    await scene.send(1);
    await scene.untilOneReportEach(studies);
  });
});

const someAre = (state: string) => (items: WorklistItem[]) => items.some((item) => item.state === state);

const allReported = (studies: CtSeries[]) => (items: WorklistItem[]) =>
  studies.every(({ studyInstanceUid }) =>
    items.some((item) => item.studyInstanceUid === studyInstanceUid && item.state === "reported"),
  );

/** A PACS and a service, each of which a test may end and start. */
class Scene {
  readonly pacs: TestPacs;
  readonly vigil: VigilProcess;

  private constructor(pacs: TestPacs) {
    this.pacs = pacs;
    this.vigil = new VigilProcess(pacs.config());
  }

  static async prepare(): Promise<Scene> {
    return new Scene(await TestPacs.prepare());
  }

  async send(count: number, key = "study"): Promise<CtSeries[]> {
    const studies = Array.from({ length: count }, (_, index) => headStudy(`${key} ${index}`));
    for (const series of studies) await this.pacs.send(filesOf(series));
    return studies;
  }

  async assertOneReportEach(studies: CtSeries[]): Promise<void> {
    for (const { studyInstanceUid } of studies) {
      assert.equal((await this.pacs.reports(studyInstanceUid)).length, 1);
    }
  }

  async untilOneReportEach(studies: CtSeries[]): Promise<void> {
    let counts: number[] = [];
    const check = async () => {
      const reports = await Promise.all(studies.map((one) => this.pacs.reports(one.studyInstanceUid)));
      counts = reports.map((those) => those.length);
      return counts.every((count) => count === 1);
    };
    await waitUntil("one report for each study", check, { seen: () => counts });
  }

  async close(): Promise<void> {
    await this.vigil.close();
    await this.pacs.close();
  }
}
