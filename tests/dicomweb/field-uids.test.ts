import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { parsePart10 } from "../../src/dicom/part10.ts";
import { OrthancChanges } from "../../src/dicomweb/orthanc-changes.ts";
import { PacsStudySource } from "../../src/dicomweb/pacs-source.ts";
import { qidoPoll } from "../../src/dicomweb/qido-poll.ts";
import { TestPacs } from "../support/pacs.ts";
import { needs, sharedData } from "../support/shared-data.ts";

describe("real images with UIDs that are none (RSNA's ID_…), no class, no date", needs("rsna-slices"), () => {
  const dir = path.join(sharedData("rsna-slices"), "dicom");
  const files = readdirSync(dir).map((name) => readFileSync(path.join(dir, name)));
  const uidOf = (bytes: Uint8Array, tag: string) => parsePart10(bytes, "a file", { untilPixels: true }).string(tag)!;
  const expected = new Set(files.map((file) => uidOf(file, "x0020000d")));
  let orthanc: TestPacs;

  before(async () => {
    orthanc = await TestPacs.start();
    await orthanc.send(files);
  });
  after(() => orthanc.close());

  test("are found by the change feed and by QIDO-RS", async () => {
    const announced = new Set<string>();
    const setAside: string[] = [];
    const cursor = { load: async () => undefined, save: async () => {} };
    const announce = async (uid: string) => void announced.add(uid);
    const config = { ...orthanc.config(), orthanc: orthanc.url };
    const feed = new OrthancChanges(config, cursor, announce, (message) => setAside.push(message));
    await feed.poll(new AbortController().signal);
    assert.deepEqual(announced, expected);
    assert.deepEqual(setAside, []);
    const polled = new Set<string>();
    const poll = qidoPoll(orthanc.client(), async (uid) => void polled.add(uid));
    await poll(new AbortController().signal);
    assert.deepEqual(polled, expected);
  });

  test("are listed, retrieved to the byte, and known to be held", async () => {
    const pacs = orthanc.client();
    for (const file of files) {
      const [studyUid, seriesUid, sopUid] = ["x0020000d", "x0020000e", "x00080018"].map((tag) => uidOf(file, tag));
      const source = new PacsStudySource(pacs, studyUid!);
      assert.ok((await source.listInstances()).some((header) => header.sopInstanceUid === sopUid));
      assert.deepEqual(source.warnings, []);
      const path = { studyInstanceUid: studyUid!, seriesInstanceUid: seriesUid!, sopInstanceUid: sopUid! };
      assert.ok(file.equals(await pacs.retrieveInstance(path)), sopUid);
      assert.equal(await pacs.hasInstance(studyUid!, sopUid!), true);
    }
  });
});
