import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { filesOf } from "../support/studies.ts";
import { ViewerStage } from "../support/viewer-stage.ts";
import { bone, KEY, prior, priorStudy, today, todayStudy } from "../viewer/made-panel.ts";

/** Whose verdict the panel shows, in the real viewer over real images of one patient. The tests follow each other. */

let stage: ViewerStage;

before(async () => {
  stage = await ViewerStage.open([today, prior, bone].flatMap(filesOf), [todayStudy, priorStudy]);
});

after(() => stage?.close());

describe("the study that was opened", () => {
  test("is headed by whose it is, and begins at the strongest key slice of what decided the flag", async () => {
    await stage.viewer.openStudy(`${today.studyInstanceUid},${prior.studyInstanceUid}`);
    await stage.viewer.waitForSlice(today.instances[KEY.best]!.sopInstanceUid);
    assert.match(await stage.part("study").innerText(), /Okafor, Ada\s+female · 68 y · 24-Nov-2026/);
    assert.equal(await stage.part("relation").count(), 0);
    assert.match(await stage.part("verdict").innerText(), /Haemorrhage likely\s+score 99 of 100, critical from 64/);
    await stage.screenshots("today");
  });

  test("has one number for a slice, in the panel, the verdict and the image: from the lowest one up", async () => {
    assert.match(await stage.part("slice-caption").innerText(), /^slice 19 of 30 · score 97 of 100/);
    assert.match(await stage.part("overlay-slice").innerText(), /^Slice 19 of 30$/);
    await stage.part("slice-1").click();
    await stage.viewer.waitForSlice(today.instances[0]!.sopInstanceUid);
    await stage.viewer.until(
      async () => (await stage.part("overlay-slice").innerText()) === "Slice 1 of 30",
      "the number",
    );
  });

  test("N and P visit every key slice, best first, those of the verdict before those of the kinds", async () => {
    const visits = [KEY.best, KEY.second, KEY.ofKind];
    for (const z of [...visits, KEY.best]) {
      await stage.page.keyboard.press("n");
      await stage.viewer.waitForSlice(today.instances[z]!.sopInstanceUid);
    }
    for (const z of [KEY.ofKind, KEY.second, KEY.best]) {
      await stage.page.keyboard.press("p");
      await stage.viewer.waitForSlice(today.instances[z]!.sopInstanceUid);
    }
  });

  test("has a window on each key, and Space goes back to the brain", async () => {
    const windows = { 2: "-25 to 174 HU", 3: "20 to 59 HU", 4: "-800 to 1999 HU", " ": "0 to 79 HU", 1: "0 to 79 HU" };
    for (const [key, window] of Object.entries(windows)) {
      await stage.page.keyboard.press(key);
      await stage.viewer.until(async () => (await stage.viewer.window()) === window, `${window} on key ${key}`);
    }
    await stage.part("window-own").click();
    await stage.viewer.until(async () => (await stage.viewer.window()) !== "0 to 79 HU", "the image's own window");
    await stage.page.keyboard.press("Space");
    await stage.viewer.until(
      async () => (await stage.viewer.window()) === "0 to 79 HU",
      "the brain window after a click",
    );
  });

  test("shows its keys on a sheet", async () => {
    await stage.page.keyboard.press("?");
    assert.match(await stage.part("keys").innerText(), /N\s+Next key slice.*Subdural 200\/75.*Agree/s);
    await stage.screenshots("keys");
    await stage.page.keyboard.press("Escape");
    await stage.part("keys").waitFor({ state: "hidden" });
  });

  test("is answered by key in the name of the reader, who is asked once; the answer can be taken back", async () => {
    await stage.page.keyboard.press("a");
    await stage.part("name").fill("A. Miller");
    await stage.page.keyboard.press("Enter");
    await stage.page.locator("[data-cy=vigil-there-any][aria-pressed=true]").waitFor();
    await stage.page.keyboard.press("z");
    await stage.page.locator("[data-cy=vigil-there-any][aria-pressed=false]").waitFor();
    await stage.page.keyboard.press("d");
    await stage.page.locator("[data-cy=vigil-not-there-any][aria-pressed=true]").waitFor();
    assert.deepEqual(
      stage.answers.map(({ feedback: { decision, reader } }) => [decision, reader]),
      [
        ["accept", "A. Miller"],
        ["reject", "A. Miller"],
      ],
    );
    assert.equal(stage.results.get(today.studyInstanceUid)?.feedback[0]?.withdrawnAt === null, false);
  });
});

describe("a prior in a second viewport", () => {
  test("changes the panel with the active viewport: nobody else's verdict is shown", async () => {
    await stage.viewer.showBeside(prior.studyInstanceUid);
    await stage.page.locator(`[data-cy=vigil-study][data-study="${prior.studyInstanceUid}"]`).waitFor();
    await stage.part("relation").waitFor();
    assert.equal(
      await stage
        .part("relation")
        .innerText()
        .then((words) => words.replace(/^\W+/, "")),
      "prior of 22-Nov",
    );
    await stage.part("verdict").waitFor();
    assert.match(await stage.part("verdict").innerText(), /No bleed found\s+score 35 of 100, critical from 64/);
    assert.doesNotMatch(await stage.panelText(), /likely|99/);
    await stage.screenshots("prior");
    await stage.viewer.activate(0);
    await stage.part("relation").waitFor({ state: "hidden" });
    assert.match(await stage.part("verdict").innerText(), /Haemorrhage likely/);
  });

  test("has a badge of its own, beside that of the study that was opened", async () => {
    const badges = await stage.part("overlay-badge").allInnerTexts();
    assert.match(badges.join(" | "), /critical · score 99 of 100.*\|.*no bleed found · score 35 of 100/s);
  });

  test("counts its own slices in its own corner", async () => {
    const numbers = async () => (await stage.part("overlay-slice").allInnerTexts()).toSorted().join();
    await stage.viewer.until(async () => (await numbers()) === "Slice 19 of 30,Slice 29 of 29", "both numbers");
  });

  test("gets the answer that is given while it is active", async () => {
    stage.answers = [];
    await stage.viewer.activate(1);
    await stage.part("relation").waitFor();
    await stage.page.keyboard.press("a");
    await stage.page.locator("[data-cy=vigil-not-there-any][aria-pressed=true]").waitFor();
    await stage.viewer.activate(0);
    await stage.part("relation").waitFor({ state: "hidden" });
    await stage.part("there-any").click();
    await stage.viewer.until(async () => stage.answers.length === 2, "both answers");
    assert.deepEqual(
      stage.answers.map(({ studyInstanceUid }) => studyInstanceUid),
      [prior.studyInstanceUid, today.studyInstanceUid],
    );
  });

  test("does not keep the heat map of the other study", async () => {
    await stage.page.keyboard.press("h");
    await stage.viewer.until(async () => (await stage.viewer.colouredPixels()) > 500, "the heat map");
    await stage.page.locator(".vigil-boxes").first().waitFor();
    await stage.viewer.activate(1);
    await stage.page.locator(".vigil-boxes").first().waitFor({ state: "detached" });
    await stage.page.locator("[data-cy=vigil-heat-map][aria-pressed=false]").waitFor();
    await stage.viewer.activate(0);
    assert.equal(await stage.viewer.colouredPixels(), 0);
  });
});

test("a bone series opens in the bone window", async () => {
  await stage.viewer.openStudy(today.studyInstanceUid);
  await stage.page.getByText("Head 1.0 H60s").first().dblclick();
  await stage.viewer.until(async () => (await stage.viewer.window()) === "-800 to 1999 HU", "the bone window");
});

test("nothing of ours went wrong in the browser along the way", () => {
  assert.deepEqual(stage.ourProblems(), []);
});
