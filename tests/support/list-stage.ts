import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Browser, Locator, Page } from "playwright-core";
import { buildExtension } from "../../ohif-extension/build.ts";
import { type RunningVigil, startVigil } from "../../src/app.ts";
import { configSchema } from "../../src/config.ts";
import { OHIF_DIR } from "../../src/installation.ts";
import { createLogger } from "../../src/log.ts";
import { installOhif } from "../../src/setup/ohif.ts";
import { openDatabase } from "../../src/store/database.ts";
import { fillStore } from "../viewer/made-list.ts";
import { collectProblems, startBrowser } from "./browser.ts";
import { TestPacs } from "./pacs.ts";
import { bleedingHeadStudy, chestStudy, filesOf } from "./studies.ts";
import { ViewerPage } from "./viewer-page.ts";

/** The list of three hundred studies over a real PACS, which holds the images of the two critical ones only. */
export class ListStage {
  static readonly hookSecret = "secret of the list's test";
  readonly oldest = bleedingHeadStudy("oldest");
  readonly uncertain = bleedingHeadStudy("uncertain");
  readonly unknownToVigil = chestStudy("unknown");
  readonly pacs: TestPacs;
  readonly browser: Browser;
  readonly page: Page;
  readonly viewer: ViewerPage;
  readonly #vigil: RunningVigil;
  readonly #dataDir: string;
  readonly #problems: string[];

  private constructor(pacs: TestPacs, dataDir: string, vigil: RunningVigil, browser: Browser, page: Page) {
    this.pacs = pacs;
    this.#dataDir = dataDir;
    this.#vigil = vigil;
    this.browser = browser;
    this.page = page;
    this.viewer = new ViewerPage(page, vigil.url);
    this.#problems = collectProblems(page);
  }

  static async open(): Promise<ListStage> {
    await installOhif(OHIF_DIR, () => {});
    await buildExtension();
    const [oldest, uncertain, unknown] = [
      bleedingHeadStudy("oldest"),
      bleedingHeadStudy("uncertain"),
      chestStudy("unknown"),
    ];
    const pacs = await TestPacs.start();
    await pacs.send([oldest, uncertain, unknown].flatMap(filesOf));
    const dataDir = mkdtempSync(path.join(tmpdir(), "vigil-viewer-list-"));
    const config = configSchema.parse({
      pacs: [pacs.config()],
      data: { dir: dataDir },
      server: { port: 0, hookSecret: ListStage.hookSecret },
      log: { level: process.env.VIGIL_LOG_LEVEL ?? "silent" },
    });
    const database = await openDatabase(config);
    await fillStore(database.db, oldest, uncertain);
    await database.close();
    const vigil = await startVigil({ config, role: "api", logger: createLogger(config.log.level) });
    const browser = await startBrowser();
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: "en-US" });
    const page = await context.newPage();
    return new ListStage(pacs, dataDir, vigil, browser, page);
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.#vigil.stop();
    await this.pacs.close();
    rmSync(this.#dataDir, { recursive: true, force: true });
  }

  get url(): string {
    return this.#vigil.url;
  }

  /** A part of ours by its name. */
  part(name: string): Locator {
    return this.page.locator(`[data-cy=vigil-${name}]`);
  }

  group(name: string): Locator {
    return this.part(`group-${name}`);
  }

  selected(): Locator {
    return this.page.locator("tbody tr[data-state=selected]");
  }

  /** Waits until the preview shows that study. */
  async previewOf(studyInstanceUid: string): Promise<void> {
    await this.page.locator(`[data-cy=vigil-preview][data-study="${studyInstanceUid}"]`).waitFor();
  }

  /** In the widths that readers have, for people to look at. */
  async screenshots(name: string): Promise<void> {
    for (const [width, height] of [
      [3840, 2160],
      [1600, 900],
      [1280, 900],
    ] as const) {
      await this.page.setViewportSize({ width, height });
      await this.page.waitForTimeout(400);
      await this.viewer.screenshot(`${name}-${width}`);
    }
  }

  /** The PACS lacks the images of most of the studies that the list is filled with. */
  problems(): string[] {
    return this.#problems.filter((problem) => !/\/preview$|Failed to load resource/.test(problem));
  }
}
