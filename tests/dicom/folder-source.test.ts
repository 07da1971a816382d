import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { type FolderStudy, openFolder, scanFolder } from "../../src/dicom/folder-source.ts";
import { ctImage } from "../support/ct-image.ts";
import { rewritten } from "../support/dcmtk.ts";
import { chestStudy } from "../support/studies.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const IMAGE = ctImage([0, 0, 0, 0]);
const LONG_HEADER = { ImageComments: "x".repeat(10_000), DerivationDescription: "y".repeat(1000) };

function folderWith(files: Record<string, Uint8Array | string>): string {
  const folder = temporaryFolder();
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), content);
  }
  return folder;
}

async function filesOf(study: FolderStudy): Promise<string[]> {
  const files = [];
  for (const uid of new Set((await study.listInstances()).map((header) => header.seriesInstanceUid))) {
    for await (const { file } of study.readSeries(uid)) files.push(path.basename(file!));
  }
  return files.sort();
}

test("every study in a folder and its sub-folders is found, whatever the files are called", async () => {
  const chest = chestStudy("folder").instances;
  const folder = folderWith({
    IM0001: IMAGE,
    "deep/er/1": chest[0]!.bytes,
    "deep/2.dcm": chest[1]!.bytes,
  });
  const studies = await openFolder(folder);
  assert.equal(studies.length, 2);
  const found = await Promise.all(studies.map(filesOf));
  assert.deepEqual(found.sort(), [["1", "2.dcm"], ["IM0001"]]);
});

test("a single file is a study too, and is given back as it is", async () => {
  const file = path.join(folderWith({ "a.dcm": IMAGE }), "a.dcm");
  const [study] = await openFolder(file);
  const [header] = await study!.listInstances();
  for await (const instance of study!.readSeries(header!.seriesInstanceUid)) {
    assert.equal(instance.file, file);
    assert.deepEqual(new Uint8Array(instance.bytes), IMAGE);
  }
});

test("files that are not DICOM are left out and counted", async () => {
  const { studies, skipped, unreadable } = await scanFolder(
    folderWith({ "1.dcm": IMAGE, "notes.txt": "hello", ".DS_Store": "x", empty: "" }),
  );
  assert.equal(studies.length, 1);
  assert.deepEqual(skipped.map((file) => path.basename(file)).sort(), ["empty", "notes.txt"]);
  assert.deepEqual(unreadable, []);
  assert.deepEqual(await openFolder(folderWith({ "notes.txt": "hello" })), []);
});

test("a broken DICOM file is a warning beside readable ones and an error alone", async () => {
  const broken = IMAGE.subarray(0, 400);
  const [study] = await openFolder(folderWith({ "1.dcm": IMAGE, "broken.dcm": broken }));
  assert.equal(study!.warnings.length, 1);
  assert.equal(study!.warnings[0]!.code, "file-unreadable");
  assert.match(study!.warnings[0]!.message, /broken\.dcm cannot be read as DICOM: it is cut off/);
  await assert.rejects(openFolder(folderWith({ "broken.dcm": broken })), {
    code: "dicom-unreadable",
    message: /broken\.dcm/,
  });
});

test("the same object stored twice counts once", async () => {
  const [study] = await openFolder(folderWith({ "1.dcm": IMAGE, "copy/1.dcm": IMAGE }));
  assert.equal((await study!.listInstances()).length, 1);
});

test("long headers and deflated files are found as well", async () => {
  const folder = temporaryFolder();
  const long = ctImage([0, 0, 0, 0], { ...LONG_HEADER, EncapsulatedDocument: new Uint8Array(200_000).buffer });
  const deflated = rewritten(chestStudy("deflated").instances[0]!.bytes, folder, "dcmconv", "+td");
  const studies = await openFolder(folderWith({ long, deflated }));
  assert.equal(studies.length, 2);
});

test("a folder that does not exist is named", async () => {
  await assert.rejects(openFolder("/no/such/folder"), { code: "not-found", message: /\/no\/such\/folder/ });
});
