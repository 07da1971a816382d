import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Browser, Locator, Page } from "playwright-core";
import { buildExtension } from "../../ohif-extension/build.ts";
import { type RunningVigil, startVigil } from "../../src/app.ts";
import { configSchema } from "../../src/config.ts";
import type { Feedback, StoredFeedback } from "../../src/contract/feedback.ts";
import type { StudyResource } from "../../src/contract/study.ts";
import { OHIF_DIR } from "../../src/installation.ts";
import { createLogger } from "../../src/log.ts";
import { installOhif } from "../../src/setup/ohif.ts";
import { madeHeatMap, madeWorklistItem } from "../viewer/made-study.ts";
import { collectProblems, startBrowser } from "./browser.ts";
import { TestPacs } from "./pacs.ts";
import { ViewerPage } from "./viewer-page.ts";

/** The real viewer over the images of a real PACS, with results that a test makes up and changes. */
export class ViewerStage {
  readonly page: Page;
  readonly viewer: ViewerPage;
  /** What the service says of each study now; it does not know any other. */
  readonly results = new Map<string, StudyResource>();
  /** Whom the login names. */
  login: string | null = null;
  /** What readers have answered, oldest first. */
  answers: { studyInstanceUid: string; feedback: Feedback }[] = [];
  /** Who has which study open, as the page says. */
  readonly claims: string[] = [];
  /** The studies that were to be scored again. */
  readonly rescored: string[] = [];
  readonly #dataDir: string;
  readonly #pacs: TestPacs;
  readonly #browser: Browser;
  readonly #problems: string[];
  #vigil: RunningVigil;
  #isDown = false;

  private constructor(dataDir: string, pacs: TestPacs, vigil: RunningVigil, browser: Browser, page: Page) {
    this.#dataDir = dataDir;
    this.#pacs = pacs;
    this.#vigil = vigil;
    this.#browser = browser;
    this.page = page;
    this.viewer = new ViewerPage(page, vigil.url);
    this.#problems = collectProblems(page);
  }

  static async open(files: Uint8Array[], studies: StudyResource[]): Promise<ViewerStage> {
    await installOhif(OHIF_DIR, () => {});
    await buildExtension();
    const dataDir = mkdtempSync(path.join(tmpdir(), "vigil-panel-test-"));
    const pacs = await TestPacs.start();
    await pacs.send(files);
    const vigil = await startApi(pacs, dataDir, 0);
    const browser = await startBrowser();
    const page = await browser.newPage({ viewport: { width: 1600, height: 900 } });
    const stage = new ViewerStage(dataDir, pacs, vigil, browser, page);
    for (const study of studies) stage.results.set(study.studyInstanceUid, study);
    await stage.#answerWithResults();
    return stage;
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await this.#vigil.stop();
    await this.#pacs.close();
    rmSync(this.#dataDir, { recursive: true, force: true });
  }

  get url(): string {
    return this.#vigil.url;
  }

  async stopService(): Promise<void> {
    this.#isDown = true;
    await this.#vigil.stop();
  }

  /** At the same address. */
  async startService(): Promise<void> {
    this.#vigil = await startApi(this.#pacs, this.#dataDir, Number(new URL(this.#vigil.url).port));
    this.#isDown = false;
  }

  /** A part of ours by its name. */
  part(name: string): Locator {
    return this.page.locator(`[data-cy=vigil-${name}]`);
  }

  panelText(): Promise<string> {
    return this.part("panel").innerText();
  }

  /** Changes what the service says of a study, and has the viewer look as it does when a reader comes back to the page. */
  async change(studyInstanceUid: string, study: StudyResource | undefined): Promise<void> {
    if (study === undefined) this.results.delete(studyInstanceUid);
    else this.results.set(studyInstanceUid, study);
    await this.page.evaluate('document.dispatchEvent(new Event("visibilitychange"))');
  }

  /** In both widths that readers have, for people to look at. */
  async screenshots(name: string): Promise<void> {
    for (const width of [1280, 1600]) {
      await this.page.setViewportSize({ width, height: 900 });
      await this.page.waitForTimeout(300);
      await this.viewer.screenshot(`panel-${name}-${width}`);
    }
  }

  /** Of our own making; what tests provoke on purpose (a 404, a service that is gone) is told by the browser itself. */
  ourProblems(): string[] {
    return this.#problems.filter((problem) => !/^\d{3}: |Failed to load resource|net::ERR_|EventSource/.test(problem));
  }

  async #answerWithResults(): Promise<void> {
    await this.page.route("**/api/worklist*", (route) => {
      if (this.#isDown) return route.abort();
      return route.fulfill({ json: { items: [...this.results.values()].map(madeWorklistItem), nextCursor: null } });
    });
    await this.page.route("**/api/studies/**", (route) => {
      if (this.#isDown) return route.abort();
      const url = route.request().url();
      const study = this.results.get(decodeURIComponent(/\/api\/studies\/([^/?]+)/.exec(url)?.[1] ?? ""));
      if (study === undefined) return route.fulfill({ status: 404, json: {} });
      const { studyInstanceUid } = study;
      const method = route.request().method();
      if (url.endsWith("/reading")) {
        const { reader } = route.request().postDataJSON() as { reader: string };
        this.claims.push(`${method} ${reader} ${studyInstanceUid}`);
        if (method === "DELETE") return route.fulfill({ status: 204 });
        return route.fulfill({ json: { reader, since: new Date().toISOString() } });
      }
      if (url.includes("/feedback/")) return route.fulfill({ json: this.#takeBack(study, url.split("/").at(-1)!) });
      if (url.includes("/heatmap")) return route.fulfill({ json: madeHeatMap(study) });
      if (url.endsWith("/rescore")) {
        this.rescored.push(studyInstanceUid);
        return route.fulfill({ status: 202 });
      }
      if (!url.endsWith("/feedback")) return route.fulfill({ json: study });
      const feedback = route.request().postDataJSON() as Feedback;
      this.answers.push({ studyInstanceUid, feedback });
      return route.fulfill({ status: 201, json: this.#keep(study, feedback) });
    });
    await this.page.route("**/api/session", (route) =>
      this.#isDown ? route.abort() : route.fulfill({ json: { reader: this.login } }),
    );
  }

  #keep(study: StudyResource, feedback: Feedback): StoredFeedback {
    const present = { reader: null, withdrawnAt: null, toPresentResult: true, ...feedback };
    const stored: StoredFeedback = { ...present, id: String(this.answers.length), at: new Date().toISOString() };
    this.results.set(study.studyInstanceUid, { ...study, feedback: [...study.feedback, stored] });
    return stored;
  }

  #takeBack(study: StudyResource, id: string): StoredFeedback {
    const withdrawnAt = new Date().toISOString();
    const feedback = study.feedback.map((answer) => (answer.id === id ? { ...answer, withdrawnAt } : answer));
    this.results.set(study.studyInstanceUid, { ...study, feedback });
    return feedback.find((answer) => answer.id === id)!;
  }
}

function startApi(pacs: TestPacs, dataDir: string, port: number): Promise<RunningVigil> {
  const config = configSchema.parse({
    pacs: [pacs.config()],
    data: { dir: dataDir },
    server: { port },
    log: { level: process.env.VIGIL_LOG_LEVEL ?? "silent" },
  });
  return startVigil({ config, role: "api", logger: createLogger(config.log.level) });
}
