import assert from "node:assert/strict";
import { test } from "node:test";
import { frameNumberOf } from "../../ohif-extension/src/viewport/cornerstone.ts";
import { targetAt } from "../../ohif-extension/src/viewport/show-slice.ts";
import { sliceKey } from "../../src/contract/slices.ts";

test("a slice is known by its SOP Instance UID and frame; an image of one frame is its first frame", () => {
  assert.equal(
    sliceKey({ sopInstanceUid: "1.2", frameNumber: null }),
    sliceKey({ sopInstanceUid: "1.2", frameNumber: 1 }),
  );
  assert.notEqual(
    sliceKey({ sopInstanceUid: "1.2", frameNumber: 1 }),
    sliceKey({ sopInstanceUid: "1.2", frameNumber: 11 }),
  );
});

test("the frame is read from the viewer's image ids", () => {
  assert.equal(frameNumberOf("wadors:/pacs/studies/1/series/2/instances/3/frames/14"), 14);
  assert.equal(frameNumberOf("wadouri:/pacs/instance.dcm?frame=7"), 7);
  assert.equal(frameNumberOf("wadouri:/pacs?objectUID=1.2&frame=7"), 7);
  assert.equal(frameNumberOf("dicomfile:0"), 1);
});

test("a slice is shown through the middle of its box, where it has one", () => {
  const slice = { seriesInstanceUid: "1", sopInstanceUid: "1.2", frameNumber: 3, z: 8, box: null };
  assert.deepEqual(targetAt(slice), { seriesInstanceUid: "1", sopInstanceUid: "1.2", frameNumber: 3 });
  assert.deepEqual(targetAt(slice, [10, 20, 30, 60]).point, [20, 40]);
});
