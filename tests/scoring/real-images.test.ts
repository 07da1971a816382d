import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { openFolder, scanFolder } from "../../src/dicom/folder-source.ts";
import { readSlices } from "../../src/dicom/slice.ts";
import type { StoredObject } from "../../src/dicom/source.ts";
import { VigilError } from "../../src/errors.ts";
import { buildStructuredReport } from "../../src/reports/structured-report.ts";
import { analyseStudy } from "../../src/scoring/analyse-study.ts";
import { wasAnalysed } from "../../src/scoring/analysis.ts";
import { startAnalysisTools } from "../support/analysis-tools.ts";
import { readSeries } from "../support/read-series.ts";
import { needs, sharedData } from "../support/shared-data.ts";

// One GE series, 28 slices: gantry tilt 18.5 degrees, uneven spacing, intercept 0, no haemorrhage (neurolabusc/dcm_qa_ct).
test(
  "a real head CT with a tilted gantry and uneven spacing is read whole, not flagged, and its oddities are told",
  needs("dcm-qa-ct"),
  async () => {
    const [source, ...others] = await openFolder(sharedData("dcm-qa-ct"));
    assert.ok(source !== undefined && others.length === 0);
    const tools = await startAnalysisTools();
    try {
      const scored = await analyseStudy(source, tools, { selection: tools.selection });
      const { result } = scored;
      assert.equal(result.slices.length, 28);
      assert.equal(result.flag, "negative");
      const positions = result.slices.map((slice) => slice.positionMm);
      assert.deepEqual(
        positions,
        positions.toSorted((a, b) => a - b),
      );
      const words = result.warnings.map((warning) => warning.message).join(" ");
      assert.match(words, /tilted by 18\.5/);
      assert.match(words, /distance between slices varies/);
      assert.ok(wasAnalysed(scored) && buildStructuredReport(scored).bytes.length > 0);
    } finally {
      await tools.stop();
    }
  },
);

describe("a folder of odd DICOM files", needs("robustness"), () => {
  // Other transfer syntaxes, colour, multi-frame, cut off, without meta header, wrong VRs.
  test("is scanned to its end: each file is a study's, skipped, or named with what is wrong", async () => {
    const { studies, unreadable } = await scanFolder(sharedData("robustness"));
    assert.ok(studies.length >= 10);
    assert.ok(unreadable.length >= 3);
    for (const { file, message } of unreadable) assert.ok(message.startsWith(file), message);
  });

  test("has images that are decoded, and others that are refused by name, with a code, and with what to do", async () => {
    const { studies } = await scanFolder(sharedData("robustness"));
    const outcomes = new Map<string, number>();
    for (const study of studies) {
      const series = new Set((await study.listInstances()).map((header) => header.seriesInstanceUid));
      for (const uid of series) {
        for await (const instance of readSeries(study, uid)) {
          const outcome = await decode(instance);
          outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
        }
      }
    }
    assert.ok((outcomes.get("decoded") ?? 0) >= 20, JSON.stringify([...outcomes]));
    assert.ok((outcomes.get("pixels-unsupported") ?? 0) >= 4, JSON.stringify([...outcomes]));
    assert.ok((outcomes.get("dicom-unreadable") ?? 0) >= 1, JSON.stringify([...outcomes]));
  });
});

async function decode(instance: StoredObject): Promise<string> {
  try {
    for (const { hu, rows, columns } of await readSlices(instance)) assert.equal(hu.length, rows * columns);
    return "decoded";
  } catch (error) {
    assert.ok(error instanceof VigilError, `${instance.file}: ${error}`);
    assert.ok(error.message.includes(instance.file ?? "?"), error.message);
    return error.code;
  }
}
