import { bars, count, histogram } from "../../pages/chart.ts";
import { type Html, html } from "../../pages/html.ts";
import type { Section } from "../../pages/page.ts";
import { table } from "../../pages/table.ts";
import type { AttributeSummary } from "./attributes.ts";
import type { Exploration } from "./explore.ts";
import type { Distribution } from "./tally.ts";

/** What attributes are called on the page. One that is not named here is called as it is. */
const NAMES: Record<string, string> = {
  positionX: "Position x (mm)",
  positionY: "Position y (mm)",
  positionZ: "Position z (mm)",
  orientation: "Orientation",
  samplesPerPixel: "Samples per pixel",
  photometric: "Photometric interpretation",
  rows: "Rows",
  columns: "Columns",
  rowSpacingMm: "Spacing between rows (mm)",
  columnSpacingMm: "Spacing between columns (mm)",
  bitsAllocated: "Bits allocated",
  bitsStored: "Bits stored",
  highBit: "High bit",
  pixelRepresentation: "Pixel representation",
  windowCenterHu: "Window center (HU)",
  windowWidthHu: "Window width (HU)",
  rescaleIntercept: "Rescale intercept",
  rescaleSlope: "Rescale slope",
  windows: "Windows (center/width)",
  rescale: "Rescale",
  thicknessMm: "Slice thickness (mm)",
  transferSyntax: "Transfer syntax",
  modality: "Modality",
  manufacturer: "Manufacturer",
  scanner: "Scanner",
  kernel: "Convolution kernel",
  kvp: "Tube voltage (kV)",
  sex: "Sex",
  ageYears: "Age (years)",
  studyYear: "Year of study",
};

const CHARTED_CATEGORIES = [
  "scanner",
  "kernel",
  "windows",
  "rescale",
  "bitsStored",
  "pixelRepresentation",
  "rows",
  "sex",
];
const CHARTED_NUMBERS = ["rowSpacingMm", "thicknessMm", "positionZ", "windowCenterHu", "windowWidthHu", "ageYears"];
const MOST_BARS = 8;
const LONGEST_NAME = 24;

export function attributeSections({ attributes, slicesPerSeries, huOfHead, pixelsRead }: Exploration): Section[] {
  const charts = [
    ...numberChart("Images per series", slicesPerSeries),
    ...CHARTED_NUMBERS.flatMap((name) => chartOf(name, attributes[name])),
    ...CHARTED_CATEGORIES.flatMap((name) => chartOf(name, attributes[name])),
  ];
  const rows = Object.entries(attributes);
  return [
    {
      id: "values",
      title: "Values of the head",
      lead: "Cerebrospinal fluid lies at 0 to 15 HU, white and grey matter at 20 to 45, clotted blood at 50 to 90.",
      body: html`<div class="grid">${histogram(`Pixels of ${count(huOfHead.slices)} images by HU`, { from: huOfHead.fromHu, binWidth: huOfHead.binWidthHu, counts: huOfHead.counts }, "HU")}</div>`,
    },
    {
      id: "distributions",
      title: "Distributions",
      lead: "How the images were made. A group that is rare here is one that a model will know little of.",
      body: html`<div class="grid">${charts}</div>`,
    },
    {
      id: "attributes",
      title: "Attributes",
      lead: `Over all images; the pixels of ${count(pixelsRead)} were read.`,
      body: table(
        [
          { title: "Attribute", cell: ([name]) => NAMES[name] ?? name },
          { title: "Known", isNumber: true, cell: ([, { known }]) => count(known) },
          { title: "Missing", isNumber: true, cell: ([, { missing }]) => (missing === 0 ? "" : count(missing)) },
          { title: "Values", cell: ([, summary]) => valuesText(summary) },
        ],
        rows,
      ),
    },
  ];
}

function chartOf(name: string, summary: AttributeSummary | undefined): Html[] {
  if (summary === undefined || summary.known === 0) return [];
  const caption = NAMES[name] ?? name;
  if (summary.kind === "number") return numberChart(caption, summary);
  const rows = summary.values
    .slice(0, MOST_BARS)
    .map(({ value, count: times }) => ({ name: shortened(value), value: times }));
  const more = summary.distinct > MOST_BARS ? `, the ${MOST_BARS} most frequent of ${summary.distinct}` : "";
  return [bars(`${caption}${more}`, rows)];
}

function numberChart(caption: string, { histogram: bins }: Distribution): Html[] {
  return bins === null || bins.counts.length < 2 ? [] : [histogram(caption, bins, null)];
}

function shortened(text: string): string {
  return text.length <= LONGEST_NAME ? text : `${text.slice(0, LONGEST_NAME - 1)}…`;
}

function valuesText(summary: AttributeSummary): string {
  if (summary.known === 0) return "never given";
  if (summary.kind === "category") {
    const shown = summary.values.slice(0, 4).map(({ value, count: times }) => `${value} (${count(times)})`);
    const more = summary.distinct > shown.length ? [`and ${summary.distinct - shown.length} more`] : [];
    return [...shown, ...more].join(", ");
  }
  const { min, p5, median, p95, max } = summary;
  if (min === max) return `${median}`;
  return `median ${median}, 5 to 95 % ${p5} to ${p95}, ${min} to ${max} in all`;
}
