import path from "node:path";
import type { Page } from "playwright-core";
import { CACHE_DIR } from "../../src/installation.ts";
import { waitUntil } from "./wait.ts";

/** What OHIF leaves on its page for everybody to use; only the parts that tests look at. */
interface ViewerGlobals {
  services: {
    viewportGridService: {
      getState(): { activeViewportId: string; viewports: Map<string, unknown> };
      setDisplaySetsForViewports(updates: { viewportId: string; displaySetInstanceUIDs: string[] }[]): void;
      setActiveViewportId(viewportId: string): void;
    };
    displaySetService: { getActiveDisplaySets(): { StudyInstanceUID: string; displaySetInstanceUID: string }[] };
    cornerstoneViewportService: { getCornerstoneViewport(id: string): Viewport | undefined };
    measurementService: { getMeasurements(): unknown[] };
  };
  commandsManager: { runCommand(name: string, options: object): void };
  cornerstone: { metaData: { get(type: string, imageId: string): { SOPInstanceUID: string } | undefined } };
  /** Put there by a test: gone after a reload. */
  vigilTestMark?: true;
}

interface Viewport {
  getCurrentImageId?(): string | undefined;
  getCornerstoneImage?(): { imageId: string } | undefined;
  getCanvas(): { width: number; height: number; getContext(kind: "2d"): Canvas2d };
  getCamera(): { focalPoint?: number[]; viewPlaneNormal?: number[] };
  getProperties(): { voiRange?: { lower: number; upper: number } };
}

interface Canvas2d {
  getImageData(x: number, y: number, width: number, height: number): { data: Uint8ClampedArray };
}

const PATIENCE_MS = 30_000;

/** Vigil's viewer in a browser, as a reader uses it. */
export class ViewerPage {
  readonly page: Page;
  readonly #url: string;

  constructor(page: Page, url: string) {
    this.page = page;
    this.#url = url;
    page.setDefaultTimeout(PATIENCE_MS);
  }

  async openList(): Promise<void> {
    await this.page.goto(this.#url);
    await this.page.locator("[data-cy=vigil-chip]").first().waitFor();
    await this.page.evaluate(() => {
      (globalThis as unknown as ViewerGlobals).vigilTestMark = true;
    });
  }

  wasReloaded(): Promise<boolean> {
    return this.page.evaluate(() => (globalThis as unknown as ViewerGlobals).vigilTestMark !== true);
  }

  /** The text of each row of the study list, from the top; cells are parted by " | ". */
  async rows(): Promise<string[]> {
    const rows = await this.page.locator("tbody tr:has([data-cy^=vigil-row-])").all();
    return Promise.all(
      rows.map(async (row) => (await row.locator("td").allInnerTexts()).map((text) => text.trim()).join(" | ")),
    );
  }

  /** Waits until the rows are as they should be, and says what they were when they never are. */
  async rowsWhen(isSo: (rows: string[]) => boolean): Promise<string[]> {
    let rows: string[] = [];
    const check = async () => {
      rows = await this.rows();
      return isSo(rows) && rows;
    };
    return waitUntil("the rows of the study list", check, { timeoutMs: PATIENCE_MS, seen: () => rows });
  }

  /** Opens the study whose row holds the text. */
  async openFromList(text: string): Promise<void> {
    await this.page.locator("tbody tr", { hasText: text }).dblclick();
    await this.waitForImage();
  }

  async openStudy(studyInstanceUid: string): Promise<void> {
    await this.page.goto(`${this.#url}/vigil?StudyInstanceUIDs=${studyInstanceUid}`);
    await this.waitForImage();
  }

  async waitForImage(): Promise<void> {
    await this.page.locator("[data-cy=vigil-reading]").waitFor();
    await this.page.waitForFunction(() => {
      const { services } = globalThis as unknown as Partial<ViewerGlobals>;
      const { activeViewportId } = services?.viewportGridService.getState() ?? {};
      if (!services || !activeViewportId) return false;
      const viewport = services.cornerstoneViewportService.getCornerstoneViewport(activeViewportId);
      return viewport?.getCurrentImageId?.() !== undefined;
    });
  }

  /** Waits until an image of the study in the address is drawn. */
  async waitForDrawn(): Promise<void> {
    await this.page.waitForFunction(() => {
      const { services } = globalThis as unknown as Partial<ViewerGlobals>;
      try {
        const { activeViewportId } = services!.viewportGridService.getState();
        const viewport = services!.cornerstoneViewportService.getCornerstoneViewport(activeViewportId);
        const { href } = (globalThis as unknown as { location: { href: string } }).location;
        const wanted = new URL(href).searchParams.get("StudyInstanceUIDs");
        return wanted !== null && viewport?.getCornerstoneImage?.()?.imageId.includes(wanted);
      } catch {
        // OHIF's services answer nothing before its page is there.
        return false;
      }
    });
  }

  /** The SOP Instance UID of the slice on the screen. */
  shownSlice(): Promise<string | undefined> {
    return this.page.evaluate(() => {
      const { services, cornerstone } = globalThis as unknown as ViewerGlobals;
      const id = services.viewportGridService.getState().activeViewportId;
      const imageId = services.cornerstoneViewportService.getCornerstoneViewport(id)?.getCurrentImageId?.();
      return imageId === undefined ? undefined : cornerstone.metaData.get("instance", imageId)?.SOPInstanceUID;
    });
  }

  /** The SOP Instance UIDs of what all viewports show, in their order. */
  shownSlices(): Promise<(string | undefined)[]> {
    return this.page.evaluate(() => {
      const { services, cornerstone } = globalThis as unknown as ViewerGlobals;
      return [...services.viewportGridService.getState().viewports.keys()].map((id) => {
        const imageId = services.cornerstoneViewportService.getCornerstoneViewport(id)?.getCurrentImageId?.();
        return imageId === undefined ? undefined : cornerstone.metaData.get("instance", imageId)?.SOPInstanceUID;
      });
    });
  }

  async runCommand(name: string, options: object = {}): Promise<void> {
    await this.page.evaluate(
      ([command, given]) => (globalThis as unknown as ViewerGlobals).commandsManager.runCommand(command, given),
      [name, options] as const,
    );
  }

  /** Shows a study in a second viewport, right of the first; it becomes the active one. */
  async showBeside(studyInstanceUid: string): Promise<void> {
    await this.page.evaluate((uid) => {
      const { services, commandsManager } = globalThis as unknown as ViewerGlobals;
      const displaySet = services.displaySetService.getActiveDisplaySets().find((it) => it.StudyInstanceUID === uid);
      commandsManager.runCommand("setViewportGridLayout", { numRows: 1, numCols: 2 });
      const viewportId = [...services.viewportGridService.getState().viewports.keys()].at(-1)!;
      const displaySetInstanceUIDs = [displaySet!.displaySetInstanceUID];
      services.viewportGridService.setDisplaySetsForViewports([{ viewportId, displaySetInstanceUIDs }]);
      services.viewportGridService.setActiveViewportId(viewportId);
    }, studyInstanceUid);
    await this.waitForImage();
  }

  /** Makes the viewport at that place the active one, from the left. */
  async activate(place: number): Promise<void> {
    await this.page.evaluate((index) => {
      const { viewportGridService } = (globalThis as unknown as ViewerGlobals).services;
      viewportGridService.setActiveViewportId([...viewportGridService.getState().viewports.keys()][index]!);
    }, place);
  }

  /** Waits for a slice to be on the screen. */
  async waitForSlice(sopInstanceUid: string): Promise<void> {
    await this.until(async () => (await this.shownSlice()) === sopInstanceUid, `slice ${sopInstanceUid} to be shown`);
  }

  /** How many pixels of the image are coloured; a CT without an overlay is grey. */
  async colouredPixels(): Promise<number> {
    const [active] = await this.#colouredPixels(true);
    return active ?? 0;
  }

  /** The same of every viewport. */
  colouredPixelsOfAll(): Promise<number[]> {
    return this.#colouredPixels(false);
  }

  #colouredPixels(activeOnly: boolean): Promise<number[]> {
    return this.page.evaluate((onlyActive) => {
      const { services } = globalThis as unknown as ViewerGlobals;
      const { activeViewportId, viewports } = services.viewportGridService.getState();
      const ids = onlyActive ? [activeViewportId] : [...viewports.keys()];
      return ids.flatMap((id) => {
        const canvas = services.cornerstoneViewportService.getCornerstoneViewport(id)?.getCanvas();
        if (!canvas) return [];
        const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
        let coloured = 0;
        for (let i = 0; i < data.length; i += 4) {
          const [red = 0, green = 0, blue = 0] = data.subarray(i, i + 3);
          if (Math.max(red, green, blue) - Math.min(red, green, blue) > 8) coloured++;
        }
        return coloured;
      });
    }, activeOnly);
  }

  /** Where the plane of each viewport cuts the axis that it stands on: "x 12", "y -3", "z 90", in mm of the patient. */
  planes(): Promise<string[]> {
    return this.page.evaluate(() => {
      const { services } = globalThis as unknown as ViewerGlobals;
      return [...services.viewportGridService.getState().viewports.keys()].flatMap((id) => {
        const camera = services.cornerstoneViewportService.getCornerstoneViewport(id)?.getCamera();
        const axis = camera?.viewPlaneNormal?.findIndex((part) => Math.abs(part) > 0.9) ?? -1;
        return axis < 0 ? [] : `${"xyz"[axis]} ${camera?.focalPoint?.[axis]?.toFixed(0)}`;
      });
    });
  }

  /** The window of the image on the screen, such as "0 to 79 HU". */
  window(): Promise<string> {
    return this.page.evaluate(() => {
      const { services } = globalThis as unknown as ViewerGlobals;
      const id = services.viewportGridService.getState().activeViewportId;
      const range = services.cornerstoneViewportService.getCornerstoneViewport(id)?.getProperties().voiRange;
      return range ? `${range.lower} to ${range.upper} HU` : "none yet";
    });
  }

  measurements(): Promise<number> {
    return this.page.evaluate(
      () => (globalThis as unknown as ViewerGlobals).services.measurementService.getMeasurements().length,
    );
  }

  /** Opens our report from the list of series. */
  async openReport(): Promise<void> {
    await this.page.getByText("Vigil AI triage").first().dblclick();
    await this.page.locator("[data-cy=vigil-report]").waitFor();
  }

  async until(isSo: () => Promise<boolean>, what: string): Promise<void> {
    await waitUntil(what, isSo, { timeoutMs: PATIENCE_MS });
  }

  /** Keeps a picture for people to look at. */
  async screenshot(name: string): Promise<void> {
    await this.page.screenshot({ path: path.join(CACHE_DIR, "screenshots", `${name}.png`) });
  }
}
