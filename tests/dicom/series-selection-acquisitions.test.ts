import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { selectSeries } from "../../src/dicom/selection/selection.ts";
import type { InstanceHeader } from "../../src/dicom/source.ts";
import { headsIn, SAGITTAL, type SeriesExample, select, series, settings } from "../support/series-headers.ts";

/** What is read, a head each in order of time ("a / b": alternatives, "a + b": parts), and the series of the study. */
type Row = [name: string, heads: string[], ...series: SeriesExample[]];

const FIRST = { at: "100000", acquisition: 2 };
const REPEAT = { at: "100130", acquisition: 3 };
const HOURS_LATER = { at: "161500", acquisition: 2, frameOfReferenceUid: "1.2.10" };
const TURNED = [0, -1, 0, 1, 0, 0] as InstanceHeader["imageOrientation"];
const TILTED = [1, 0, 0, 0, 0.94, -0.342] as InstanceHeader["imageOrientation"];

const ROWS: Row[] = [
  ["thin and thick of one scan", ["5 / 0.75"], { is: "0.75", mm: 0.75, ...FIRST }, { is: "5", ...FIRST }],
  ["thin and thick without any time", ["5 / 0.75"], { is: "0.75", mm: 0.75 }, { is: "5" }],
  ["soft and bone of one scan", ["soft"], { is: "soft", ...FIRST }, { is: "bone", kernel: "H60s", ...FIRST }],
  ["one scan by its number alone", ["5 / 1"], { is: "1", mm: 1, acquisition: 2 }, { is: "5", acquisition: 2 }],
  ["one scan by its time alone", ["5 / 1"], { is: "1", mm: 1, at: "100003" }, { is: "5", at: "100000" }],
  ["one scan, renumbered", ["5 / 1"], { is: "1", mm: 1, ...FIRST, acquisition: 9 }, { is: "5", ...FIRST }],
  [
    "a tilted reformat of the scan",
    ["5 / 1"],
    { is: "1", mm: 1, ...FIRST },
    { is: "5", imageOrientation: TILTED, fromMm: 39, ...FIRST },
  ],
  ["a repeat after motion", ["first", "repeat"], { is: "repeat", ...REPEAT }, { is: "first", ...FIRST }],
  [
    "a repeat under the same number",
    ["first", "repeat"],
    { is: "first", ...FIRST },
    { is: "repeat", ...REPEAT, acquisition: 2 },
  ],
  [
    "a repeat by its number alone",
    ["first", "repeat"],
    { is: "first", acquisition: 2 },
    { is: "repeat", acquisition: 3 },
  ],
  ["a control hours later", ["first", "control"], { is: "control", ...HOURS_LATER }, { is: "first", ...FIRST }],
  [
    "a control of two thicknesses",
    ["5 / 1", "5 later / 1 later"],
    { is: "5", ...FIRST },
    { is: "1 later", mm: 1, ...HOURS_LATER },
    { is: "1", mm: 1, ...FIRST },
    { is: "5 later", ...HOURS_LATER },
  ],
  ["another frame of reference", ["a", "b"], { is: "a" }, { is: "b", frameOfReferenceUid: "1.2.10" }],
  [
    "a series without time beside two heads",
    ["first / timeless", "repeat"],
    { is: "first", ...FIRST },
    { is: "repeat", ...REPEAT },
    { is: "timeless", mm: 1 },
  ],
  ["times that were wiped out", ["5 / 1"], { is: "5", at: "000000" }, { is: "1", mm: 1, at: "000000" }],
  [
    "a head in two parts",
    ["base + vault"],
    { is: "vault", fromMm: 50, coverMm: 100, at: "100030" },
    { is: "base", mm: 2.5, coverMm: 50, at: "100000" },
  ],
  [
    "parts without time",
    ["base + vault"],
    { is: "base", mm: 2, coverMm: 48 },
    { is: "vault", fromMm: 50, coverMm: 100 },
  ],
  [
    "a head in two parts, and again",
    ["base + vault", "base again + vault again"],
    { is: "base", coverMm: 50, at: "100000" },
    { is: "vault", fromMm: 50, coverMm: 100, at: "100030" },
    { is: "base again", coverMm: 50, at: "100200" },
    { is: "vault again", fromMm: 50, coverMm: 100, at: "100230" },
  ],
  [
    "parts of two kernels",
    ["base + vault"],
    { is: "base", coverMm: 50, at: "100000" },
    { is: "base bone", kernel: "H60s", coverMm: 50, at: "100000" },
    { is: "vault", fromMm: 50, coverMm: 100, at: "100030" },
  ],
  [
    "the whole head beside two parts of it",
    ["whole / vault / base"],
    { is: "base", coverMm: 50, ...FIRST },
    { is: "vault", fromMm: 50, coverMm: 100, ...FIRST },
    { is: "whole", mm: 1, ...FIRST },
  ],
  [
    "a thick vault of 125 mm whose base is only in the thin series",
    ["thin / vault"],
    { is: "vault", fromMm: 50, coverMm: 125, ...FIRST },
    { is: "thin", mm: 1, coverMm: 175, ...FIRST },
  ],
  [
    "a thin series that goes on into the neck",
    ["5 / thin"],
    { is: "5", fromMm: 60, ...FIRST },
    { is: "thin", mm: 1, coverMm: 210, ...FIRST },
  ],
  ["parts that lie apart", ["a", "b"], { is: "a", coverMm: 60 }, { is: "b", fromMm: 90, coverMm: 60 }],
  ["native and contrast", ["nativ"], { is: "nativ", ...FIRST }, { is: "mit KM", ...REPEAT }],
  [
    "a repeat lying on the side",
    ["5", "again"],
    { is: "5", ...FIRST },
    { is: "again", imageOrientation: TURNED, ...REPEAT },
  ],
  ["a lone reformat of a control", ["5", "MPR"], { is: "5", ...FIRST }, { is: "MPR", ...HOURS_LATER }],
];

describe("of a study with", () => {
  for (const [name, heads, ...examples] of ROWS) {
    test(`${name} is read: ${heads.join(", ")}`, () => {
      const selection = select(...examples);
      assert.deepEqual(headsIn(selection), heads);
      assert.deepEqual(selection.warnings, []);
      const first = heads.flatMap((head) => head.split(" + ").map((part) => part.split(" / ")[0]));
      const chosen = selection.series.filter((it) => it.chosen).map(({ description }) => description);
      assert.deepEqual(chosen.sort(), first.sort());
    });
  }
});

describe("a head that is left unread is said", () => {
  const head: SeriesExample = { is: "head", ...FIRST };
  const unread: [string, RegExp, SeriesExample][] = [
    ["for few slices", /4 slices of series \d+ not read/, { is: "repeat", slices: 4, ...REPEAT }],
    ["a single slice", /1 slice of series/, { is: "repeat", slices: 1, ...REPEAT }],
    ["for few slices above the others", /4 slices of series/, { is: "vertex", slices: 4, fromMm: 150 }],
    ["in a bone kernel only", /30 slices of series/, { is: "again", kernel: "H60s", ...HOURS_LATER }],
    ["that may be with contrast", /30 slices/, { is: "again", protocol: "Angio Kopf", ...REPEAT }],
    ["without positions", /30 slices of series/, { is: "again", imagePositionMm: null }],
  ];
  for (const [name, notSeen, example] of unread) {
    test(name, () => {
      const { warnings, acquisitions } = select(head, example);
      assert.equal(acquisitions.length, 1);
      assert.equal(warnings.length, 1);
      assert.equal(warnings[0]!.code, "head-unread");
      assert.equal(warnings[0]!.limitsFlag, true);
      assert.match(warnings[0]!.notSeen!, notSeen);
    });
  }

  test("the fifth of five", () => {
    const five = ["08", "09", "10", "11", "12"].map((hour) => ({ is: hour, at: `${hour}0000` }));
    const { warnings, acquisitions, series: decisions } = select(...five);
    assert.equal(acquisitions.length, 4);
    assert.equal(warnings.length, 1);
    assert.match(warnings[0]!.notSeen!, /30 slices of series/);
    assert.match(decisions.at(-1)!.reasons[0]!, /more than 4 heads/);
  });

  test("but not what is no native head of its own", () => {
    const others: SeriesExample[] = [
      { is: "CTA", ...REPEAT },
      { is: "mit KM", slices: 4, ...REPEAT },
      { is: "Topogram", slices: 1 },
      { is: "sag", imageOrientation: SAGITTAL, ...FIRST },
      { is: "bone", kernel: "H60s", ...FIRST },
      { is: "detail", slices: 4, ...FIRST },
      { is: "PreMonitoring", slices: 1, ...REPEAT },
      { is: "watching", slices: 12, imagePositionMm: [0, 0, 40], ...REPEAT },
      { is: "Sinus", kernel: "H60s", ...REPEAT },
      { is: "page", slices: 2, imagePositionMm: null },
      { is: "Dose Report", slices: 1, ...REPEAT },
    ];
    for (const other of others) assert.deepEqual(select(head, other).warnings, [], other.is);
  });
});

describe("a series is judged by most of its images", () => {
  const head = () => series({ is: "head" });
  const strays: [string, Partial<InstanceHeader>][] = [
    ["a screen save", { sopClassUid: "1.2.840.10008.5.1.4.1.1.7", imagePositionMm: null, imageOrientation: null }],
    ["a page without position", { imagePositionMm: null }],
    ["a localizer", { imageType: ["ORIGINAL", "PRIMARY", "LOCALIZER"], imageOrientation: SAGITTAL }],
    ["a report", { modality: "SR", sopClassUid: "1.2.840.10008.5.1.4.1.1.88.33" }],
  ];
  for (const [name, stray] of strays) {
    test(`${name} in it does not exclude it`, () => {
      const [first, ...rest] = head();
      const selection = selectSeries([{ ...first!, ...stray }, ...rest], settings);
      assert.equal(selection.series[0]!.chosen, true);
      assert.ok(selection.series[0]!.reasons.some((it) => it.startsWith("1 of 30 images")));
    });
  }

  test("an object that arrives twice counts once", () => {
    const few = series({ is: "head", slices: 5 });
    assert.equal(selectSeries([...few, ...few], settings).reason, "too-few-slices");
    const all = head();
    const selection = selectSeries([...all, ...all], settings);
    assert.equal(selection.series[0]!.chosen, true);
    assert.equal(selection.series[0]!.instances, 30);
  });

  test("the frames of one object are images", () => {
    const frames = head().map((it, z) => ({ ...it, sopInstanceUid: "1.2.3", numberOfFrames: 30, frameNumber: z + 1 }));
    const selection = selectSeries(frames, settings);
    assert.equal(selection.series[0]!.chosen, true);
    assert.equal(selection.series[0]!.instances, 1);
  });

  test("one that lacks slices comes after one that is complete", () => {
    const lacking = series({ is: "lacks" }).filter((_, z) => z < 12 || z > 14);
    const selection = selectSeries([...lacking, ...series({ is: "thin", mm: 0.75 })], settings);
    assert.deepEqual(headsIn(selection), ["thin / lacks"]);
    assert.ok(selection.series[1]!.reasons.includes("slices missing: a step of 20 mm"));
  });

  test("a part or the whole of the head that was scanned again does not exclude it, many times do", () => {
    const again = (slices: number) => [...head(), ...series({ is: "head", slices })];
    const inOne = (slices: number) => again(slices).map((it) => ({ ...it, seriesInstanceUid: "1.2.3" }));
    const { series: decisions } = selectSeries(inOne(12), settings);
    assert.equal(decisions[0]!.chosen, true);
    assert.ok(decisions[0]!.reasons.includes("12 of 42 images lie where another one lies"));
    assert.equal(selectSeries(inOne(30), settings).series[0]!.chosen, true);
    const four = [...inOne(30), ...inOne(25)].map((it, i) => ({ ...it, sopInstanceUid: `1.2.4.${i}` }));
    assert.equal(selectSeries(four.slice(0, 108), settings).reason, "geometry-unusable");
  });

  test("slices far away from the others do not count", () => {
    const strays = series({ is: "", slices: 3, fromMm: -180 });
    const one = [...head(), ...strays].map((it) => ({ ...it, seriesInstanceUid: "1.2.3", seriesDescription: "head" }));
    assert.ok(selectSeries(one, settings).series[0]!.reasons.includes("covers 150 mm"));
  });

  test("perfusion shows each place many times", () => {
    const shuttle = Array.from({ length: 10 }, () => series({ is: "x" })).flat();
    const one = shuttle.map((it) => ({ ...it, seriesInstanceUid: "1.2.3" }));
    assert.equal(selectSeries(one, settings).reason, "contrast-only");
  });
});

test("the choice never depends on the order of the series", () => {
  for (const [, , ...examples] of ROWS) {
    const headers = examples.map(series);
    const forwards = selectSeries(headers.flat(), settings);
    assert.deepEqual(selectSeries(headers.toReversed().flat(), settings), forwards);
  }
});

test("the decision says for each series how good it is and why, the chosen one first", () => {
  const { series: decisions } = select(
    { is: "CTA" },
    { is: "thin", mm: 1, kernel: "H31s" },
    { is: "soft", kernel: "H31s" },
  );
  assert.deepEqual(
    decisions.map(({ description, chosen }) => [description, chosen]),
    [
      ["soft", true],
      ["thin", false],
      ["CTA", false],
    ],
  );
  assert.equal(decisions[0]!.instances, 30);
  assert.ok(decisions[0]!.score > 100);
  assert.ok(decisions[0]!.reasons.includes("soft-tissue kernel H31s"));
  assert.ok(decisions[0]!.reasons.includes("thickness 5 mm (within 2.5-6 mm)"));
  assert.match(decisions[1]!.reasons[0]!, /^another reconstruction is preferred: series \d+ "soft"$/);
  assert.equal(decisions[2]!.score, -1);
  assert.deepEqual(decisions[2]!.reasons, ["with contrast by its description"]);
});
