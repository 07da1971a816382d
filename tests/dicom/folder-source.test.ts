import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { test } from "node:test";
import { type FolderStudy, openFolder, scanFolder } from "../../src/dicom/folder-source.ts";
import { ctImage } from "../support/ct-image.ts";
import { rewritten } from "../support/dcmtk.ts";
import { element, evenLength, part10 } from "../support/hostile-dicom.ts";
import { readSeries } from "../support/read-series.ts";
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
    for await (const { file } of readSeries(study, uid)) files.push(path.basename(file!));
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
  for await (const instance of readSeries(study!, header!.seriesInstanceUid)) {
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

const names = (files: string[]) => files.map((file) => path.basename(file)).sort();

test("two objects with one UID are told, and the first one is read; a copy in another transfer syntax is one object", async () => {
  const folder = temporaryFolder();
  const copies = { "1.dcm": IMAGE, "2.dcm": rewritten(IMAGE, folder, "dcmconv", "+ti"), "3.dcm": IMAGE };
  const [same] = await openFolder(folderWith(copies));
  assert.deepEqual([await filesOf(same!), same!.warnings], [["1.dcm"], []]);
  for (const other of [ctImage([0, 0, 0, 1]), ctImage(new Array<number>(16).fill(0))]) {
    const [study] = await openFolder(folderWith({ "1.dcm": IMAGE, "2.dcm": IMAGE, "other.dcm": other }));
    assert.deepEqual(await filesOf(study!), ["1.dcm"]);
    const [told, ...more] = study!.warnings;
    assert.deepEqual([told!.code, told!.limitsFlag, more.length], ["instance-ambiguous", true, 0]);
    assert.match(told!.message, /1\.dcm and .*other\.dcm are different images/);
  }
});

test("two patients are two studies, and are told where they share a Study Instance UID", async () => {
  const other = ctImage([0, 0, 0, 0], { PatientID: "2", SOPInstanceUID: "1.2.3", StudyInstanceUID: "1.2.4" });
  const apart = await openFolder(folderWith({ "1.dcm": IMAGE, "2.dcm": other }));
  assert.deepEqual(
    apart.map(({ warnings }) => warnings),
    [[], []],
  );
  const mixed = ctImage([0, 0, 0, 0], { PatientID: "2", SOPInstanceUID: "1.2.3" });
  const [study] = await openFolder(folderWith({ "1.dcm": IMAGE, "2.dcm": mixed }));
  assert.match(study!.warnings[0]!.message, /images of 2 patients/);
  assert.doesNotMatch(study!.warnings[0]!.message, /Test/);
});

test("many unreadable files are one warning: how many, and what is wrong with the first ones", async () => {
  const broken = Object.fromEntries([1, 2, 3, 4, 5].map((n) => [`broken${n}.dcm`, IMAGE.subarray(0, 400)]));
  const [study] = await openFolder(folderWith({ "1.dcm": IMAGE, ...broken }));
  assert.equal(study!.warnings.length, 1);
  assert.equal(study!.warnings[0]!.notSeen, "5 files not readable");
  assert.match(study!.warnings[0]!.message, /broken1.*broken2.*broken3.*and 2 more$/);
});

test("a file that is called an image and is empty or none is unreadable, not skipped", async () => {
  const folder = folderWith({ "1.dcm": IMAGE, "2.dcm": "", "3.DCM": "a page of text", "._1.dcm": "from a Macintosh" });
  const { unreadable, skipped } = await scanFolder(folder);
  assert.deepEqual([names(unreadable.map(({ file }) => file)), skipped], [["2.dcm", "3.DCM"], []]);
});

const NOBODY = 65534;

test("links are followed, also out of the folder, and circles end", async () => {
  const outside = folderWith({ "2.dcm": chestStudy("linked").instances[0]!.bytes });
  const folder = folderWith({ "deep/1.dcm": IMAGE });
  symlinkSync(folder, path.join(folder, "deep", "circle"));
  symlinkSync("..", path.join(folder, "deep", "up"));
  symlinkSync(outside, path.join(folder, "outside"));
  symlinkSync(path.join(outside, "2.dcm"), path.join(folder, "file"));
  const { studies, skipped, unreadable } = await scanFolder(folder);
  assert.deepEqual([studies.length, skipped, unreadable], [2, [], []]);
});

test("what cannot be opened is named and limits the flag; pipes, sockets and devices are never opened", async (t) => {
  const folder = folderWith({ "1.dcm": IMAGE, "folder.dcm/1.txt": "a folder", "large.dcm": IMAGE });
  symlinkSync("no such file", path.join(folder, "dangling.dcm"));
  symlinkSync("loop", path.join(folder, "loop"));
  symlinkSync("/dev/zero", path.join(folder, "device.dcm"));
  execFileSync("mkfifo", [path.join(folder, "pipe.dcm")]);
  const server = createServer().listen(path.join(folder, "socket.dcm"));
  t.after(() => server.close());
  truncateSync(path.join(folder, "large.dcm"), 2 * 1024 ** 3);
  const { studies, skipped, unreadable } = await scanFolder(folder);
  assert.deepEqual(names(skipped), ["1.txt", "device.dcm", "pipe.dcm", "socket.dcm"]);
  assert.deepEqual(
    unreadable.map(({ message }) => path.basename(message)),
    ["dangling.dcm cannot be opened: ENOENT", "large.dcm is larger than 1 GiB", "loop cannot be opened: ELOOP"],
  );
  assert.equal(studies[0]!.warnings[0]!.notSeen, "3 files not readable");
  await assert.rejects(openFolder(path.join(folder, "pipe.dcm")), { code: "dicom-unreadable" });
});

/** Root may read everything: as root, the action runs as a user who owns nothing. */
async function withoutRights<T>(action: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return action();
  process.seteuid?.(NOBODY);
  try {
    return await action();
  } finally {
    process.seteuid?.(0);
  }
}

test("files and folders without rights are named", async () => {
  const folder = folderWith({ "1.dcm": IMAGE, "2.dcm": IMAGE, "closed/3.dcm": IMAGE });
  chmodSync(path.join(folder, "2.dcm"), 0);
  chmodSync(path.join(folder, "closed"), 0);
  chmodSync(folder, 0o755);
  const { studies, unreadable } = await withoutRights(() => scanFolder(folder));
  chmodSync(path.join(folder, "closed"), 0o700);
  assert.deepEqual(names(unreadable.map(({ message }) => message)), [
    "2.dcm cannot be opened: EACCES",
    "closed cannot be opened: EACCES",
  ]);
  assert.equal(studies[0]!.warnings[0]!.notSeen, "1 file and 1 folder not readable");
});

test("a file that is gone or replaced when its turn comes is an error with its name", async () => {
  const folder = folderWith({ "1.dcm": IMAGE });
  const [study] = await openFolder(folder);
  execFileSync("rm", [path.join(folder, "1.dcm")]);
  await assert.rejects(filesOf(study!), { code: "dicom-unreadable", message: /1\.dcm cannot be opened: ENOENT/ });
  execFileSync("mkfifo", [path.join(folder, "1.dcm")]);
  await assert.rejects(filesOf(study!), { code: "dicom-unreadable", message: /1\.dcm is no file any more/ });
});

test("a DICOMDIR is skipped, however many records it has", async () => {
  const records = element(
    0x00041220,
    "SQ",
    Buffer.concat(new Array(600_000).fill(Buffer.from("feff00e000000000", "hex"))),
  );
  const mediaStorage = element(0x00020002, "UI", evenLength("1.2.840.10008.1.3.10"));
  const folder = folderWith({ DICOMDIR: part10([records], "1.2.840.10008.1.2.1", mediaStorage), "1.dcm": IMAGE });
  const { skipped, unreadable } = await scanFolder(folder);
  assert.deepEqual([names(skipped), unreadable], [["DICOMDIR"], []]);
});

test("the scan tells how far it is", async () => {
  const seen: number[] = [];
  await scanFolder(folderWith({ "1.dcm": IMAGE, a: "a", b: "b" }), { onProgress: (done) => seen.push(done) });
  assert.deepEqual(seen, [1, 2, 3]);
});

test("a folder that does not exist is named", async () => {
  await assert.rejects(openFolder("/no/such/folder"), { code: "not-found", message: /\/no\/such\/folder/ });
});
