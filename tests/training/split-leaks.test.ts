import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { type AxisFilter, areaFilter, resample } from "../../src/ai/resample.ts";
import { type CtSlice, readSlices } from "../../src/dicom/slice.ts";
import { CACHE_DIR } from "../../src/installation.ts";
import { ctSeries } from "../../src/phantom/ct-series.ts";
import { checkSplit } from "../../src/training/split/check-split.ts";
import type { Leak } from "../../src/training/split/leaks.ts";
import { runEntry } from "../support/command.ts";
import { rewritten } from "../support/dcmtk.ts";
import { needs, sharedData } from "../support/shared-data.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

type Image = Pick<CtSlice, "hu" | "rows" | "columns">;

async function realSlices(): Promise<Image[]> {
  const folder = path.join(sharedData("dcm-qa-ct"), "In");
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const files = entries.map((file) => readFileSync(path.join(file.parentPath, file.name)));
  const dicom = files.filter((bytes) => bytes.subarray(128, 132).toString() === "DICM");
  const slices = await Promise.all(dicom.map((bytes) => readSlices({ bytes, file: null })));
  return slices.flat().sort((a, b) => a.header.imagePositionMm![2] - b.header.imagePositionMm![2]);
}

function dicomOf({ hu, rows, columns }: Image, key: string): Uint8Array {
  const volume = { rows, columns, slices: 1, hu, pixelSpacingMm: 0.5, sliceSpacingMm: 5 };
  const names = { patientName: key, patientId: key, studyDescription: "CT head" };
  return ctSeries(volume, { studyKey: key, ...names }).instances[0]!.bytes;
}

const SAME = Float32Array.from({ length: 65536 }, (_, i) => i - 32768);

function resized({ hu, rows, columns }: Image, size: number): Image {
  const [x, y]: [AxisFilter, AxisFilter] = [areaFilter(columns, size), areaFilter(rows, size)];
  const pixels = resample({ pixels: hu, columns, table: SAME }, x, y);
  return { hu: Int16Array.from(pixels, Math.round), rows: size, columns: size };
}

function cropped({ hu, rows, columns }: Image, by: number): Image {
  const [height, width] = [rows - 2 * by, columns - 2 * by];
  const at = (i: number) => (Math.floor(i / width) + by) * columns + (i % width) + by;
  return { hu: Int16Array.from({ length: width * height }, (_, i) => hu[at(i)]!), rows: height, columns: width };
}

function mirrored({ hu, rows, columns }: Image): Image {
  const at = (i: number) => i - (i % columns) + columns - 1 - (i % columns);
  return { hu: hu.map((_, i) => hu[at(i)]!), rows, columns };
}

/** As a picture of the brain window would store it: air and bone are at its ends. */
function rewindowed({ hu, rows, columns }: Image): Image {
  return { hu: hu.map((value) => Math.min(80, Math.max(0, value))), rows, columns };
}

const kinds = (leaks: Leak[]) => leaks.map(({ kind, a, b }) => `${kind}: ${a} = ${b}`).sort();

describe("the check of a split", () => {
  test(
    "finds planted copies on the other side, however they were made, and nothing else",
    needs("dcm-qa-ct"),
    async () => {
      const slices = await realSlices();
      const folder = temporaryFolder();
      const rows: string[] = ["path,patient,split"];
      const store = (name: string, bytes: Uint8Array, side: string) => {
        writeFileSync(path.join(folder, name), bytes);
        rows.push(`${name},patient of ${name},${side}`);
      };
      for (const [i, slice] of slices.entries()) store(`${i}.dcm`, dicomOf(slice, `slice ${i}`), "train");
      const recompressed = rewritten(dicomOf(slices[10]!, "slice 10"), temporaryFolder(), "dcmcjpls", "+el");
      store("recompressed.dcm", recompressed, "test");
      store("resized.dcm", dicomOf(resized(slices[12]!, 400), "resized"), "test");
      store("cropped.dcm", dicomOf(cropped(slices[14]!, 9), "cropped"), "test");
      store("mirrored.dcm", dicomOf(mirrored(slices[16]!), "mirrored"), "test");
      store("windowed.dcm", dicomOf(rewindowed(slices[18]!), "windowed"), "test");
      store("both.dcm", dicomOf(mirrored(cropped(resized(slices[20]!, 450), 5)), "both"), "test");
      const table = path.join(folder, "table.csv");
      writeFileSync(table, `${rows.join("\n")}\n`);
      const { leaks } = await checkSplit(table, folder);
      assert.deepEqual(kinds(leaks), [
        "identical: 10.dcm = recompressed.dcm",
        "near-identical: 12.dcm = resized.dcm",
        "near-identical: 14.dcm = cropped.dcm",
        "near-identical: 16.dcm = mirrored.dcm",
        "near-identical: 18.dcm = windowed.dcm",
        "near-identical: 20.dcm = both.dcm",
      ]);
    },
  );

  test("finds patients, studies and images by name; the command fails, and dicleak agrees about the patient", async () => {
    const table = path.join(temporaryFolder(), "table.csv");
    const rows = ["P1,S1,I1,train,0,a.dcm", "P1,S2,I2,test,1,b.dcm", "P2,S3,I3,train,0,c.dcm", "P3,S3,I4,test,0,d.dcm"];
    const clean = [
      "P4,S4,I5,train,1,e.dcm",
      "P5,S5,I6,test,1,f.dcm",
      "P6,S6,I7,train,0,g.dcm",
      "P7,S7,I7,test,1,h.dcm",
    ];
    writeFileSync(table, `PatientID,study_uid,SOPInstanceUID,Split,label,path\n${[...rows, ...clean].join("\n")}\n`);
    const { code, stdout } = await runEntry("src/cli.ts", ["dataset", "split", "--check", table, "--json"]);
    assert.equal(code, 1);
    assert.deepEqual(JSON.parse(stdout).leaks, [
      { kind: "patient", a: "P1", b: "P1", folds: ["test", "train"] },
      { kind: "study", a: "S3", b: "S3", folds: ["test", "train"] },
      { kind: "identical", a: "I7", b: "I7", folds: ["test", "train"] },
    ]);
    const second = dicleak(table);
    assert.equal(second.status, 1);
    assert.match(second.report, /1 patient\(s\) occur in multiple partitions/);
  });

  test("says which column a table lacks", async () => {
    const folder = temporaryFolder();
    for (const [text, message] of [
      ["patient,label\nP1,0\n", /no column for the side, such as fold or split \(it has "patient", "label"\)/],
      ["fold,label\n0,0\n", /no column patient, study, sop or path/],
      ["fold,split,patient\n0,a,P1\n", /columns "fold" and "split" mean the same/],
      ["fold,patient\n,P1\n", /line 2: says not what stands on which side/],
    ] as const) {
      const table = path.join(folder, "table.csv");
      writeFileSync(table, text);
      await assert.rejects(checkSplit(table, undefined), { code: "table-invalid", message });
    }
  });
});

/** PyPI's dicleak as a second opinion; it knows patients and names of files. */
function dicleak(table: string): { status: number | null; report: string } {
  const home = path.join(CACHE_DIR, "dicleak");
  const python = path.join(home, "bin", "python3");
  const run = (program: string, args: string[]) => spawnSync(program, args, { encoding: "utf8" });
  if (run(python, ["-c", "import dicleak"]).status !== 0) {
    assert.equal(run("python3", ["-m", "venv", home]).status, 0, "python3 with venv is needed");
    const installed = run(python, ["-m", "pip", "install", "-q", "dicleak==0.1.1"]);
    assert.equal(installed.status, 0, installed.stderr);
  }
  const report = `${table}.json`;
  const { status, stdout, stderr } = run(path.join(home, "bin", "dicleak"), [
    table,
    "--json",
    report,
    "--report",
    `${table}.md`,
  ]);
  return { status, report: stdout + stderr + readFileSync(report, "utf8") };
}
