import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Prior } from "../../src/contract/prior.ts";
import type { StudyResource } from "../../src/contract/study.ts";
import { filesOf } from "../support/studies.ts";
import { ViewerStage } from "../support/viewer-stage.ts";
import { KEY, PRIOR_STARTS_AT, prior, today, todayStudy } from "../viewer/made-panel.ts";
import { madeStudy, slicesOfImages } from "../viewer/made-study.ts";

/** A prior beside today's study, in the real viewer over real images of one patient. The tests follow each other. */

const ofPrior: Prior = {
  studyInstanceUid: prior.studyInstanceUid,
  studyDate: "20261122",
  studyTime: "080000",
  studyDescription: "CT head w/o contrast",
  state: "reported",
  flag: "critical",
  notSeen: [],
  probability: 0.88,
  threshold: 0.635,
  findings: [
    { label: "any", probability: 0.88 },
    { label: "intraparenchymal", probability: 0.8 },
  ],
};
const withPrior: StudyResource = {
  ...todayStudy,
  patient: { ...todayStudy.patient, studyDate: "20261124", studyTime: "100000" },
  priors: [ofPrior],
};
const flaggedPrior = madeStudy({
  studyInstanceUid: prior.studyInstanceUid,
  patientName: "Okafor^Ada",
  series: [{ slices: slicesOfImages(prior), description: "Head 5.0 H31s", peak: KEY.best - PRIOR_STARTS_AT }],
  flag: "critical",
  findings: {
    any: { presence: "present", laterality: "left", probability: 0.88 },
    intraparenchymal: { presence: "present", laterality: "left", probability: 0.8 },
  },
});

let stage: ViewerStage;

before(async () => {
  stage = await ViewerStage.open([today, prior].flatMap(filesOf), [withPrior, flaggedPrior]);
});

after(() => stage?.close());

/** The slices on the screen, from the left, as they count in their series from below: 0 is the lowest. */
async function shown(): Promise<(number | undefined)[]> {
  const slices = await stage.viewer.shownSlices();
  const all = [...today.instances.entries(), ...prior.instances.entries()];
  return slices.map((uid) => all.find(([, instance]) => instance.sopInstanceUid === uid)?.[0]);
}

async function waitForSlices(wanted: number[]): Promise<void> {
  await stage.viewer.until(async () => (await shown()).join() === wanted.join(), `slices ${wanted}`);
}

/** Links or parts the two, once the panel of the active study has come and takes the click. */
async function link(isWanted: boolean): Promise<void> {
  const box = stage.part("linked");
  await stage.viewer.until(async () => {
    if ((await box.isChecked()) !== isWanted) await box.click();
    return (await box.isChecked()) === isWanted;
  }, `linked: ${isWanted}`);
}

describe("a study with a prior", () => {
  test("has its verdict and date beside today's, and asks whether a bleed that was there before is known", async () => {
    await stage.viewer.openStudy(today.studyInstanceUid);
    const words = await stage.part("priors").innerText();
    assert.match(words, /22-Nov-2026\s+▲\s+Critical/);
    assert.match(words, /score 88 of 100 · Intraparenchymal/);
    assert.match(words, /Intraparenchymal flagged on 22-Nov too: known\?/);
    await stage.screenshots("prior-verdict");
  });

  test("hangs both side by side at the same level of the head with one key", async () => {
    await stage.viewer.waitForSlice(today.instances[KEY.best]!.sopInstanceUid);
    await stage.page.keyboard.press("c");
    await waitForSlices([KEY.best, KEY.best - PRIOR_STARTS_AT]);
    assert.match(await stage.part("verdict").innerText(), /Haemorrhage likely\s+score 99/);
    await stage.screenshots("prior-beside");
  });

  test("scrolls both together, from either side", async () => {
    await stage.page.keyboard.press("ArrowDown");
    const step = Math.sign((await shown())[0]! - KEY.best);
    await waitForSlices([KEY.best + step, KEY.best + step - PRIOR_STARTS_AT]);
    await stage.viewer.activate(1);
    await stage.part("relation").getByText("prior of 22-Nov").waitFor();
    await stage.page.keyboard.press("ArrowDown");
    await waitForSlices([KEY.best + 2 * step, KEY.best + 2 * step - PRIOR_STARTS_AT]);
    await stage.viewer.activate(0);
    await stage.part(`slice-${KEY.best + 1}`).click();
    await waitForSlices([KEY.best, KEY.best - PRIOR_STARTS_AT]);
  });

  test("has the same window on both sides", async () => {
    await stage.page.keyboard.press("2");
    for (const place of [0, 1]) {
      await stage.viewer.activate(place);
      await stage.viewer.until(async () => (await stage.viewer.window()) === "-25 to 174 HU", `the window at ${place}`);
    }
    await stage.viewer.activate(0);
    await stage.page.keyboard.press("Space");
  });

  test("lets a reader set the levels against each other", async () => {
    await link(false);
    await stage.viewer.activate(1);
    await stage.page.keyboard.press("ArrowDown");
    await stage.viewer.until(async () => (await shown())[1] !== KEY.best - PRIOR_STARTS_AT, "the prior alone");
    const [left, right] = await shown();
    assert.equal(left, KEY.best);
    await stage.viewer.activate(0);
    await link(true);
    await stage.page.keyboard.press("ArrowUp");
    await stage.viewer.until(async () => (await shown())[0] !== left, "the next slice");
    const step = (await shown())[0]! - left!;
    await waitForSlices([left! + step, right! + step]);
  });

  test("goes back with the same key, at the slice that was looked at", async () => {
    const [left] = await shown();
    await stage.page.keyboard.press("c");
    await stage.viewer.until(async () => (await stage.viewer.shownSlices()).length === 1, "one image");
    await stage.viewer.waitForSlice(today.instances[left!]!.sopInstanceUid);
    assert.equal(await stage.part("linked").count(), 0);
  });

  test("hangs beside again after another layout", async () => {
    await stage.page.keyboard.press("c");
    await stage.viewer.until(async () => (await stage.viewer.shownSlices()).length === 2, "both");
    await stage.viewer.runCommand("setViewportGridLayout", { numRows: 1, numCols: 1 });
    await stage.page.locator("[data-cy=vigil-beside-1][aria-pressed=false]").waitFor();
    await stage.page.keyboard.press("c");
    await stage.page.locator("[data-cy=vigil-linked]:checked").waitFor();
    await stage.page.keyboard.press("c");
    await stage.viewer.until(async () => (await stage.viewer.shownSlices()).length === 1, "one image");
  });
});

test("a prior whose images the PACS does not give is said, and today's study stays", async () => {
  const gone = { ...ofPrior, studyInstanceUid: `${prior.studyInstanceUid}.9` };
  await stage.change(today.studyInstanceUid, { ...withPrior, priors: [gone] });
  await stage.viewer.openStudy(today.studyInstanceUid);
  await stage.page.keyboard.press("c");
  await stage.page.getByText("The PACS does not give the images of the prior.").waitFor();
  assert.equal((await stage.viewer.shownSlices()).length, 1);
});

test("nothing of ours went wrong in the browser along the way", () => {
  assert.deepEqual(stage.ourProblems(), []);
});
