import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { filesOf } from "../support/studies.ts";
import { ViewerStage } from "../support/viewer-stage.ts";
import { KEY, prior, today, todayStudy } from "../viewer/made-panel.ts";

/** Other layouts and other planes with the heat map on, and the chart as a slider. The tests follow each other. */

/** Of the box of the key slices, in mm. */
const BOX_MIDDLE = "x 29, y 2";

let stage: ViewerStage;

before(async () => {
  stage = await ViewerStage.open([today, prior].flatMap(filesOf), [todayStudy]);
  await stage.viewer.openStudy(today.studyInstanceUid);
  await stage.viewer.waitForSlice(today.instances[KEY.best]!.sopInstanceUid);
});

after(() => stage?.close());

/** The point in which the planes of all viewports meet, in mm of the patient. */
async function meetingPoint(): Promise<string> {
  return (await stage.viewer.planes()).sort().join(", ");
}

async function heatMapIsOnOrSaidToBeOff(): Promise<boolean> {
  const isOn = (await stage.part("heat-map").getAttribute("aria-pressed")) === "true";
  const coloured = await stage.viewer.colouredPixelsOfAll();
  return isOn ? coloured.every((pixels) => pixels > 100) : coloured.every((pixels) => pixels === 0);
}

describe("the chart over the slices", () => {
  test("is dragged through the study", async () => {
    const box = (await stage.page.locator(".vigil-chart").boundingBox())!;
    const at = (share: number) => [box.x + box.width * share, box.y + box.height / 2] as const;
    await stage.page.mouse.move(...at(0.02));
    await stage.page.mouse.down();
    await stage.viewer.waitForSlice(today.instances[0]!.sopInstanceUid);
    await stage.page.mouse.move(...at(0.45), { steps: 6 });
    await stage.viewer.waitForSlice(today.instances[13]!.sopInstanceUid);
    // Beyond the edge is still the last slice.
    await stage.page.mouse.move(box.x + box.width + 40, box.y + 5, { steps: 4 });
    await stage.viewer.waitForSlice(today.instances[29]!.sopInstanceUid);
    await stage.page.mouse.up();
    await stage.page.mouse.move(...at(0.1));
    assert.equal(await stage.viewer.shownSlice(), today.instances[29]!.sopInstanceUid);
  });

  test("is moved by arrows when it has the focus", async () => {
    await stage.page.locator(".vigil-chart").focus();
    await stage.page.keyboard.press("ArrowLeft");
    await stage.viewer.waitForSlice(today.instances[28]!.sopInstanceUid);
    await stage.page.locator(".cornerstone-viewport-element").first().hover();
  });
});

describe("with the heat map on", () => {
  test("a second viewport of the study has it, too", async () => {
    await stage.page.keyboard.press("n");
    await stage.viewer.waitForSlice(today.instances[KEY.best]!.sopInstanceUid);
    await stage.page.keyboard.press("h");
    await stage.viewer.until(async () => (await stage.viewer.colouredPixels()) > 500, "the heat map");
    await stage.viewer.runCommand("setViewportGridLayout", { numRows: 1, numCols: 2 });
    await stage.viewer.until(async () => (await stage.viewer.shownSlices()).length === 2, "two viewports");
    await stage.viewer.until(heatMapIsOnOrSaidToBeOff, "a heat map that is seen where it is said to be on");
    await stage.viewer.runCommand("setViewportGridLayout", { numRows: 1, numCols: 1 });
    await stage.viewer.until(async () => (await stage.viewer.shownSlices()).length === 1, "one viewport");
    await stage.page.keyboard.press("n");
    await stage.viewer.until(heatMapIsOnOrSaidToBeOff, "a heat map that is seen where it is said to be on");
  });

  test("other planes have it, and N and P bring all three to the key slice", async () => {
    await stage.viewer.runCommand("toggleHangingProtocol", { protocolId: "mpr" });
    const isSplit = async () => /^x \S+, y \S+, z \S+$/.test(await meetingPoint());
    await stage.viewer.until(isSplit, "three planes");
    await stage.viewer.until(async () => (await stage.viewer.colouredPixelsOfAll()).length === 3, "three images");
    const meetsAt = async (z: number) =>
      stage.viewer.until(
        async () => (await meetingPoint()) === `${BOX_MIDDLE}, z ${5 * z}`,
        `the planes of slice ${z}`,
      );
    await stage.page.keyboard.press("n");
    await meetsAt(KEY.best);
    await stage.viewer.until(heatMapIsOnOrSaidToBeOff, "a heat map that is seen where it is said to be on");
    await stage.screenshots("mpr");
    await stage.page.keyboard.press("n");
    await meetsAt(KEY.second);
    await stage.page.keyboard.press("p");
    await meetsAt(KEY.best);
  });

  test("the panel still speaks of the study, and the chart moves all planes", async () => {
    assert.match(await stage.part("verdict").innerText(), /Haemorrhage likely/);
    await stage.part("slice-5").click();
    await stage.viewer.until(async () => (await meetingPoint()).endsWith("z 20"), "slice 5 at 20 mm");
  });

  test("back from the planes it is on with something to see, or off", async () => {
    await stage.viewer.runCommand("toggleHangingProtocol", { protocolId: "mpr" });
    await stage.viewer.until(async () => (await stage.viewer.shownSlices()).length === 1, "one viewport");
    await stage.page.keyboard.press("n");
    await stage.viewer.until(async () => (await stage.viewer.shownSlice()) !== undefined, "a slice");
    await stage.viewer.until(heatMapIsOnOrSaidToBeOff, "a heat map that is seen where it is said to be on");
  });
});

test("nothing of ours went wrong in the browser along the way", () => {
  assert.deepEqual(stage.ourProblems(), []);
});
