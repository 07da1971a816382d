import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { configSchema } from "../../src/config.ts";
import type { NotAnalysedReason } from "../../src/contract/study-state.ts";
import { selectSeries } from "../../src/dicom/selection/selection.ts";
import { bodyRegionOf, contrastIn } from "../../src/dicom/selection/words.ts";
import type { InstanceHeader } from "../../src/dicom/source.ts";
import { evenSlices } from "../support/volumes.ts";

const settings = configSchema.parse({}).selection;
const TEMPLATE = evenSlices([0])[0]!.header;
const SAGITTAL = [0, 1, 0, 0, 0, -1] as InstanceHeader["imageOrientation"];

interface SeriesExample extends Partial<InstanceHeader> {
  slices?: number;
  spacingMm?: number;
}

let seriesCount = 0;

/** A plain head series of 30 slices of 5 mm unless told otherwise. */
function series({ slices = 30, spacingMm = 5, ...changes }: SeriesExample = {}): InstanceHeader[] {
  const seriesInstanceUid = `1.2.${++seriesCount}`;
  return Array.from({ length: slices }, (_, z) => ({
    ...TEMPLATE,
    rows: 512,
    columns: 512,
    pixelSpacingMm: [0.45, 0.45],
    seriesInstanceUid,
    sopInstanceUid: `${seriesInstanceUid}.${z}`,
    imagePositionMm: [-115, -115, z * spacingMm],
    seriesDescription: changes.seriesDescription ?? seriesInstanceUid,
    ...changes,
  }));
}

function chosen(...examples: SeriesExample[]): string | null {
  const all = examples.map(series);
  const { seriesInstanceUid } = selectSeries(all.flat(), settings);
  return all.find(([header]) => header!.seriesInstanceUid === seriesInstanceUid)?.[0]?.seriesDescription ?? null;
}

function reason(...examples: SeriesExample[]): NotAnalysedReason | null {
  return selectSeries(examples.flatMap(series), settings).reason;
}

const SOFT: SeriesExample = { seriesDescription: "soft" };

describe("among the series of a study", () => {
  test("the soft-tissue kernel is read, not the bone kernel", () => {
    for (const convolutionKernel of ["H60s", "Hr64h\\3", "BONEPLUS", "FC30", "D"]) {
      assert.equal(chosen({ seriesDescription: "bone", convolutionKernel }, SOFT), "soft", convolutionKernel);
    }
    assert.equal(chosen({ seriesDescription: "Schädel Knochen", convolutionKernel: "" }, SOFT), "soft");
    assert.equal(chosen({ seriesDescription: "unknown kernel", convolutionKernel: "X9" }, SOFT), "soft");
  });

  test("slices of 2.5 to 6 mm are preferred to thin and to thick ones", () => {
    assert.equal(
      chosen({ seriesDescription: "thin", slices: 200, spacingMm: 0.75, sliceThicknessMm: 0.75 }, SOFT),
      "soft",
    );
    assert.equal(chosen({ seriesDescription: "thick", slices: 16, spacingMm: 10, sliceThicknessMm: 10 }, SOFT), "soft");
  });

  test("a thin series is read when there is no other", () => {
    assert.equal(chosen({ seriesDescription: "thin", slices: 200, spacingMm: 0.75, sliceThicknessMm: 0.75 }), "thin");
  });

  test("the whole head is preferred to a part of it", () => {
    assert.equal(chosen({ seriesDescription: "posterior fossa", slices: 12 }, SOFT), "soft");
  });

  test("the head is read in a study of several regions", () => {
    const spine = { seriesDescription: "C-Spine 2.0", bodyPartExamined: "HEAD" };
    assert.equal(chosen(spine, { seriesDescription: "Head 5.0" }), "Head 5.0");
  });

  test("the series without contrast is read", () => {
    const withAgent = { seriesDescription: "Head 5.0", contrastBolusAgent: "Iopamidol" };
    assert.equal(chosen(withAgent, SOFT), "soft");
    assert.equal(chosen({ seriesDescription: "CTA Head 5.0" }, SOFT), "soft");
    assert.equal(chosen({ seriesDescription: "Kopf mit KM" }, SOFT), "soft");
  });

  test("scouts, coronal and sagittal views, MPR and MIP are never read", () => {
    const never: SeriesExample[] = [
      { seriesDescription: "scout", imageType: ["ORIGINAL", "PRIMARY", "LOCALIZER"] },
      { seriesDescription: "Topogram" },
      { seriesDescription: "sagittal", imageOrientation: SAGITTAL },
      { seriesDescription: "reformatted", imageType: ["DERIVED", "SECONDARY", "REFORMATTED"] },
      { seriesDescription: "Head MIP axial" },
    ];
    for (const example of never) {
      assert.equal(chosen(example), null, example.seriesDescription);
      assert.equal(chosen(example, SOFT), "soft");
    }
  });

  test("a lossy copy that calls itself derived is read", () => {
    assert.equal(chosen({ seriesDescription: "copy", imageType: ["DERIVED", "PRIMARY", "AXIAL"] }), "copy");
  });

  test("the choice between equals never depends on their order", () => {
    const all = [series({ seriesNumber: 3 }), series({ seriesNumber: 2 }), series({ seriesNumber: 4 })];
    const forwards = selectSeries(all.flat(), settings);
    const backwards = selectSeries(all.toReversed().flat(), settings);
    assert.equal(forwards.seriesInstanceUid, all[1]![0]!.seriesInstanceUid);
    assert.deepEqual(forwards, backwards);
  });
});

describe("a study without anything to read has the reason of the series that came furthest", () => {
  const CHEST = {
    seriesDescription: "Chest",
    bodyPartExamined: "CHEST",
    study: { ...TEMPLATE.study, studyDescription: "" },
  };
  const examples: [NotAnalysedReason, SeriesExample[]][] = [
    ["study-empty", []],
    ["no-ct", [{ modality: "MR" }, { modality: "SR", sopClassUid: "1.2.840.10008.5.1.4.1.1.88.33" }]],
    ["no-head", [CHEST, { seriesDescription: "Topogram" }]],
    ["no-head", [{ ...CHEST, contrastBolusAgent: "Iopamidol" }]],
    ["no-axial", [{ imageOrientation: SAGITTAL }, { seriesDescription: "Scout" }]],
    ["contrast-only", [{ contrastBolusAgent: "Iopamidol" }, { seriesDescription: "Topogram" }]],
    ["contrast-only", [{ imageType: ["DERIVED", "PRIMARY", "PERFUSION", "RCBF"] }]],
    ["bone-kernel-only", [{ convolutionKernel: "H70h" }, { seriesDescription: "CTA" }]],
    ["derived-only", [{ imageType: ["DERIVED", "SECONDARY", "MPR"] }]],
    ["derived-only", [{ sopClassUid: "1.2.840.10008.5.1.4.1.1.7", seriesDescription: "Screen Save" }]],
    ["too-few-slices", [{ slices: 7 }]],
    ["geometry-unusable", [{ imagePositionMm: null }]],
    ["geometry-unusable", [{ slices: 2001, spacingMm: 0.1 }]],
    ["geometry-unusable", [{ spacingMm: 0 }]],
    ["pixels-unsupported", [{ slices: 1, numberOfFrames: 40, imageOrientation: null, imagePositionMm: null }]],
  ];
  for (const [expected, study] of examples) {
    const names = study.map((example) =>
      Object.entries(example).map(([key, value]) => `${key} ${JSON.stringify(value)}`),
    );
    test(`${expected}: ${names.join(" | ")}`.slice(0, 120), () => assert.equal(reason(...study), expected));
  }
});

describe("what Vigil writes", () => {
  test("never counts as something to read", () => {
    for (const sopClassUid of [
      "1.2.840.10008.5.1.4.1.1.88.33",
      "1.2.840.10008.5.1.4.1.1.7",
      "1.2.840.10008.5.1.4.1.1.30",
    ]) {
      assert.equal(chosen({ sopClassUid, seriesDescription: "result" }), null);
      assert.equal(chosen({ sopClassUid, seriesDescription: "result" }, SOFT), "soft");
    }
  });
});

describe("the decision", () => {
  test("says for each series how good it is and why, the chosen one first", () => {
    const { series: decisions } = selectSeries([...series({ seriesDescription: "CTA" }), ...series(SOFT)], settings);
    assert.deepEqual(
      decisions.map(({ description, chosen: isChosen }) => [description, isChosen]),
      [
        ["soft", true],
        ["CTA", false],
      ],
    );
    assert.equal(decisions[0]!.instances, 30);
    assert.ok(decisions[0]!.score > 100);
    assert.ok(decisions[0]!.reasons.includes("soft-tissue kernel H31s"));
    assert.ok(decisions[0]!.reasons.includes("thickness 5 mm, within 2.5-6 mm"));
    assert.equal(decisions[1]!.score, -1);
    assert.deepEqual(decisions[1]!.reasons, ["with contrast by its description"]);
  });
});

describe("words", () => {
  test("of many languages name the head", () => {
    const heads = `CT HEAD W/O|cerebro sin contraste|Schädel nativ|CCT|TÊTE|crâne sans injection|Encefalo|Cabeça|Hoofd blanco|
      Hjerne|Huvud|Głowa|Hlava|Koponya|Kafa BT|ΕΓΚΕΦΑΛΟΥ|ΚΡΑΝΙΟΥ|Головной мозг|01_HeadRoutine|头颅平扫|頭部単純|뇌 CT`;
    for (const text of heads.split("|")) assert.equal(bodyRegionOf(text), "head", text);
    for (const text of ["Thorax", "ABDOMEN PELVIS", "HWS", "Rachis cervical", "Sinuses", "ΘΩΡΑΚΑΣ", "胸部", "Hals"]) {
      assert.equal(bodyRegionOf(text), "other", text);
    }
    for (const text of ["", "5.0 H31s", "HEAD/NECK", "Shoulder to head"])
      assert.equal(bodyRegionOf(text), "unknown", text);
  });

  test("tell whether contrast was given", () => {
    for (const text of ["CTA", "Angio 0.6", "Head C+", "post contrast", "mit KM", "Perfusion", "ΑΓΓΕΙΟΓΡΑΦΙΑ"]) {
      assert.equal(contrastIn(text), true, text);
    }
    for (const text of ["w/o contrast", "NATIV", "sans injection", "S/C", "ohne KM", "NCCT", "non-contrast", "Plain"]) {
      assert.equal(contrastIn(text), false, text);
    }
    for (const text of ["Head 5.0", "Ventricles", "Kmart", "Routine"]) assert.equal(contrastIn(text), undefined, text);
  });
});

test("where no text names a region, the size of the image tells a head", () => {
  const nameless = { bodyPartExamined: "", protocolName: "", study: { ...TEMPLATE.study, studyDescription: "" } };
  assert.equal(chosen({ ...nameless, seriesDescription: "5.0 mm" }), "5.0 mm");
  assert.equal(reason({ ...nameless, seriesDescription: "5.0 mm", pixelSpacingMm: [0.8, 0.8] }), "no-head");
  assert.equal(reason({ ...nameless, seriesDescription: "5.0 mm", slices: 100 }), "no-head");
});
