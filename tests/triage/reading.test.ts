import assert from "node:assert/strict";
import { globSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { studyResourceSchema } from "../../src/contract/study.ts";
import { worklistPageSchema } from "../../src/contract/worklist.ts";
import { parsePart10, transferSyntaxOf } from "../../src/dicom/part10.ts";
import { TRANSFER_SYNTAX } from "../../src/dicom/uids.ts";
import { type CtSeries, ctSeries } from "../../src/phantom/ct-series.ts";
import { headPhantom } from "../../src/phantom/phantoms.ts";
import { TestApi } from "../support/api.ts";
import { named, readContentTree } from "../support/content-tree.ts";
import { rewritten } from "../support/dcmtk.ts";
import { edited } from "../support/edited.ts";
import { TestPacs } from "../support/pacs.ts";
import { inRsnaForm, rsnaUid } from "../support/rsna-form.ts";
import { needs, sharedData } from "../support/shared-data.ts";
import { bleedingHeadStudy, filesOf, headStudy } from "../support/studies.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { errorsBesideUids, printedReport } from "../support/validators.ts";

const folder = temporaryFolder();
let orthanc: TestPacs;
let api: TestApi;

before(async () => {
  orthanc = await TestPacs.start({ gdcm: true });
  api = await TestApi.start({ role: "all", pacs: [orthanc.config()] });
});
after(async () => {
  await api.stop();
  await orthanc.close();
});

/** Sends a study and waits for its report: the study as the API has it, and the report as Orthanc holds it. */
async function read(studyInstanceUid: string, files: Uint8Array[]) {
  await orthanc.send(files);
  const study = await api.until(studyInstanceUid, ({ state, series }) => {
    const images = series.filter(({ modality }) => modality === "CT").map(({ instances }) => instances);
    return state === "reported" && images.reduce((sum, count) => sum + count, 0) === files.length;
  });
  const report = await orthanc.storedFile(study.deliveries.at(-1)!.sopInstanceUid!);
  assert.ok(orthanc.isRunning(), "Orthanc has broken down");
  return { study, report };
}

function compressed(series: CtSeries, syntax: string, command: string): Uint8Array[] {
  const [tool, ...options] = command.split(" ") as [string, ...string[]];
  const files = filesOf(series).map((file) => rewritten(file, folder, tool, ...options));
  for (const file of files) assert.equal(transferSyntaxOf(parsePart10(file, tool)), syntax);
  return files;
}

/** Its pixels end in the middle. */
function cutOff(file: Uint8Array): Uint8Array {
  return edited(file, { PixelData: new ArrayBuffer(65_536) });
}

describe("a head is found in a plain Orthanc whose GDCM plugin decodes, read and reported", () => {
  for (const [syntax, command] of [
    ["rleLossless", "dcmcrle"],
    ["jpegLossless", "dcmcjpeg +el"],
    ["jpegLosslessFirstOrder", "dcmcjpeg +e1"],
    ["jpegLsLossless", "dcmcjpls +el"],
    ["jpeg2000Lossless", "gdcmconv --j2k"],
    ["jpeg2000", "gdcmconv --j2k --lossy -r 8"],
  ] as const) {
    test(`stored as ${syntax}`, async () => {
      const series = bleedingHeadStudy(`stored as ${syntax}`);
      const { study } = await read(series.studyInstanceUid, compressed(series, TRANSFER_SYNTAX[syntax], command));
      assert.equal(study.flag, "critical");
      assert.equal(study.slices.length, 30);
      assert.deepEqual(study.warnings, []);
    });
  }

  test("in RSNA's form: without classes and dates, with UIDs that are none, which the report names as they are", async () => {
    const series = bleedingHeadStudy("RSNA's form");
    const uid = rsnaUid(series.studyInstanceUid);
    const { study, report } = await read(uid, filesOf(series).map(inRsnaForm));
    assert.equal(study.flag, "critical");
    assert.equal(study.slices.length, 30);
    const [odd] = study.warnings.filter(({ code }) => code === "uid-invalid");
    assert.ok(odd!.message.includes(uid));
    const file = path.join(folder, "rsna.dcm");
    writeFileSync(file, report);
    assert.match(printedReport(file, "-Ev"), /Intracranial hemorrhage.*=\(52101004,SCT,"Present"\)/);
    assert.ok(report.includes(rsnaUid(series.seriesInstanceUid)));
    assert.equal(parsePart10(report, "the report").string("x0020000d"), uid);
    assert.deepEqual(errorsBesideUids(file), []);
  });

  test("real, tilted and unevenly spaced", needs("dcm-qa-ct"), async () => {
    const dir = sharedData("dcm-qa-ct");
    const files = globSync("In/**", { cwd: dir })
      .map((name) => path.join(dir, name))
      .filter((file) => statSync(file).isFile() && file.endsWith(".dcm"))
      .map((file) => new Uint8Array(readFileSync(file)));
    const { study } = await read(parsePart10(files[0]!, "a file").string("x0020000d")!, files);
    assert.equal(study.flag, "negative");
    assert.equal(study.slices.length, files.length);
  });

  test("generated, tilted and unevenly spaced", async () => {
    const series = bleedingHeadStudy("tilted");
    const files = filesOf(series).map((file, z) => {
      const height = z < 10 ? 4 * z : 40 + 5 * (z - 10);
      const [cos, sin] = [Math.cos(0.3), Math.sin(0.3)];
      return edited(file, {
        ImageOrientationPatient: [1, 0, 0, 0, cos, -sin].map((value) => value.toFixed(6)),
        ImagePositionPatient: [-115, -115 * cos, height + 115 * sin].map((value) => value.toFixed(3)),
        SliceThickness: z < 10 ? "4" : "5",
      });
    });
    const { study } = await read(series.studyInstanceUid, files);
    assert.equal(study.flag, "critical");
    assert.deepEqual(new Set(study.warnings.map(({ code }) => code)), new Set(["gantry-tilt", "variable-spacing"]));
  });
});

describe("a head of which something was not seen is never negative, and the reason is told everywhere", () => {
  const LATER = { AcquisitionNumber: 2, AcquisitionTime: "141600", SeriesTime: "141600", SeriesNumber: 5 };
  const CASES: Record<string, { files: (key: string) => Uint8Array[]; notSeen: string; comment: RegExp }> = {
    "slices that are cut off": {
      files: (key) => filesOf(headStudy(key)).map((file, z) => (z % 7 === 3 ? cutOff(file) : file)),
      notSeen: "4 slices not read",
      comment: /^Not seen: 4 slices could not be read/,
    },
    "missing slices": {
      files: (key) => filesOf(headStudy(key)).filter((_, z) => z < 13 || z > 15),
      notSeen: "gap of 20 mm",
      comment: /^Not seen: There is a gap of 20\.0 mm/,
    },
    "a later head that cannot be read": {
      files: (key) => {
        const later = ctSeries(headPhantom(), {
          ...{ studyKey: key, seriesKey: "later", patientName: `${key}^Test`, patientId: key },
          studyDescription: "CT head",
          attributes: LATER,
        });
        return [...filesOf(headStudy(key)), ...filesOf(later).map(cutOff)];
      },
      notSeen: "1 head acquisition not read",
      comment: /^Not seen: 1 head acquisition .* could not be read/,
    },
  };

  for (const [name, { files, notSeen, comment }] of Object.entries(CASES)) {
    test(name, async () => {
      const uid = headStudy(name).studyInstanceUid;
      const { study, report } = await read(uid, files(name));
      assert.equal(study.flag, "undetermined");
      studyResourceSchema.parse(study);
      const limits = study.warnings.filter(({ limitsFlag }) => limitsFlag);
      assert.ok(
        limits.some((warning) => warning.notSeen === notSeen),
        JSON.stringify(study.warnings),
      );
      const { body } = await api.call("get", "/api/worklist?limit=500");
      const item = worklistPageSchema.parse(body).items.find(({ studyInstanceUid }) => studyInstanceUid === uid);
      assert.equal(item?.flag, "undetermined");
      assert.ok(item.notSeen.includes(notSeen), JSON.stringify(item.notSeen));
      const [evaluations] = named(readContentTree(report), "C0034375");
      assert.deepEqual(
        named(evaluations, "111017").map(({ value }) => value),
        ["111243"],
      );
      const comments = named(evaluations, "121106").map(({ value }) => String(value));
      assert.ok(
        comments.some((text) => comment.test(text)),
        comments.join("\n"),
      );
    });
  }
});
