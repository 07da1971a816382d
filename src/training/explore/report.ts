import { LABELS } from "../../contract/labels.ts";
import { LABEL_NAME } from "../../contract/words.ts";
import { bars, count, matrix } from "../../pages/chart.ts";
import { type Html, html } from "../../pages/html.ts";
import { renderPage, type Section } from "../../pages/page.ts";
import { table } from "../../pages/table.ts";
import type { DatasetManifest } from "../dataset/manifest.ts";
import { attributeSections } from "./attribute-report.ts";
import type { CopySearch } from "./copies.ts";
import type { Exploration } from "./explore.ts";
import { gallerySection } from "./gallery-report.ts";
import type { LabelCount } from "./label-survey.ts";
import type { FoldSummary } from "./split-survey.ts";

/** The report of an exploration: one file of HTML. */
export function explorationPage(exploration: Exploration, manifest: DatasetManifest): string {
  const { slices, series, studies, patients, labels, pixelsRead } = exploration;
  const looked = `Every record was read; pixels of ${count(pixelsRead)} images, drawn at random, were looked at.`;
  return renderPage({
    title: `Data set ${manifest.name}`,
    subtitle: `${sourceText(manifest)}. ${looked}`,
    figures: [
      { value: count(patients), name: "patients" },
      { value: count(studies), name: "studies" },
      { value: count(series), name: "series" },
      { value: count(slices), name: "images" },
      { value: percent(labels.slices.any), name: "images with haemorrhage, of those labelled" },
    ],
    sections: [
      labelSection(exploration),
      ...(exploration.folds === null ? [] : [splitSection(exploration)]),
      odditySection(exploration),
      gallerySection(exploration),
      ...attributeSections(exploration),
    ],
    footer: [
      `Content hash ${manifest.contentHash}. Made by Vigil on ${new Date().toISOString().slice(0, 10)}.`,
      "Research use only. Not a medical device. The pictures are of patients: share this file as you would share their images.",
    ],
  });
}

function sourceText({ source, deidentification, created }: DatasetManifest): string {
  const from = { pacs: "Exported from a PACS", rsna: "Imported from RSNA's files", images: "Imported from pictures" };
  const names = deidentification === null ? "not de-identified" : `de-identified (${deidentification.edition})`;
  return `${from[source.kind]} on ${created.slice(0, 10)}, ${names}`;
}

function percent({ share, known }: LabelCount): string {
  return known === 0 ? "–" : `${(100 * share).toFixed(2)} %`;
}

function labelSection({ labels, conflicts }: Exploration): Section {
  const cells = (counts: LabelCount) => html`${count(counts.positive)} <span class="note">${percent(counts)}</span>`;
  const rows = table(
    [
      { title: "Label", cell: (label) => LABEL_NAME[label] },
      { title: "Images", isNumber: true, cell: (label) => cells(labels.slices[label]) },
      { title: "Studies", isNumber: true, cell: (label) => cells(labels.studies[label]) },
      { title: "Patients", isNumber: true, cell: (label) => cells(labels.patients[label]) },
    ],
    LABELS,
  );
  const names = LABELS.map((label) => LABEL_NAME[label].replace(" haemorrhage", ""));
  const share = (i: number, j: number) => {
    const own = labels.coOccurrence[LABELS[i]!][LABELS[i]!];
    return own === 0 ? null : labels.coOccurrence[LABELS[i]!][LABELS[j]!] / own;
  };
  const shares = LABELS.map((label) => ({ name: LABEL_NAME[label], value: labels.slices[label].share }));
  const subtypes = labels.subtypesPerSlice.map((value, i) => ({ name: `${i}`, value }));
  return {
    id: "labels",
    title: "Labels",
    lead: html`${missingText(labels.unlabelledSlices, labels.labelsWithoutImage)}${conflictText(conflicts.length)}`,
    body: [
      rows,
      html`<h3>How they go together</h3><div class="grid pairs">
${bars("Positive images", shares, { percent: true })}
${bars("Images by number of subtypes", subtypes)}
${matrix("Share of the images of a row that carry the column's label too", names, share)}
${matrix("Correlation (phi)", names, (i, j) => labels.correlation[LABELS[i]!][LABELS[j]!])}
</div>`,
    ],
  };
}

function missingText(unlabelled: number, withoutImage: number): string {
  const parts = [];
  if (unlabelled > 0) parts.push(`${count(unlabelled)} images have no label. `);
  if (withoutImage > 0) parts.push(`${count(withoutImage)} labels are of images that are not in the data set. `);
  return parts.length === 0 ? "Every image has its labels, and every label its image. " : parts.join("");
}

function conflictText(conflicts: number): Html | null {
  if (conflicts === 0) return null;
  return html`<span class="alarm">Sources differ ${count(conflicts)} times; these labels count as unknown.</span>`;
}

function splitSection({ folds }: Exploration): Section {
  const share = (positive: number, slices: number) =>
    `${count(positive)} (${((100 * positive) / Math.max(1, slices)).toFixed(1)} %)`;
  const body = table<FoldSummary>(
    [
      { title: "Fold", cell: ({ fold }) => fold },
      { title: "Patients", isNumber: true, cell: ({ patients }) => count(patients) },
      { title: "Studies", isNumber: true, cell: ({ studies }) => count(studies) },
      { title: "Images", isNumber: true, cell: ({ slices }) => count(slices) },
      ...LABELS.map((label) => ({
        title: LABEL_NAME[label].replace(" haemorrhage", ""),
        isNumber: true,
        cell: ({ positives, slices }: FoldSummary) => share(positives[label], slices),
      })),
    ],
    folds ?? [],
  );
  return { id: "split", title: "Split", lead: "Positive images of each fold, and their share.", body };
}

function odditySection({ oddities, conflicts, copies }: Exploration): Section {
  const shown = oddities.filter(({ count: found }) => found > 0);
  const rows = table(
    [
      { title: "What", cell: ({ text }) => text },
      { title: "How often", isNumber: true, cell: ({ count: found }) => count(found) },
      { title: "For example", cell: ({ examples }) => html`<span class="id">${examples.slice(0, 2).join(" ")}</span>` },
    ],
    shown,
  );
  return {
    id: "oddities",
    title: "Oddities",
    lead: "What some images have and most have not, and labels that are worth a second look. None of it is an error by itself.",
    body: [
      shown.length === 0 ? html`<p>None was found.</p>` : rows,
      html`<p class="note">${copiesText(copies)}</p>`,
      conflicts.length === 0
        ? html``
        : html`<p class="note">Every conflict stands in the JSON of this report (--json).</p>`,
    ],
  };
}

function copiesText({ compared, images, remarks }: CopySearch): string {
  const what = `${count(compared)} of ${count(images)} images were compared with those of other patients.`;
  return [what, ...remarks].join(" ");
}
