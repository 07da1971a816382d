import type { Dataset } from "../dataset/dataset.ts";
import type { LabelConflict } from "../dataset/resolve-labels.ts";
import { type AttributeSummary, AttributeSurvey } from "./attributes.ts";
import { type CopySearch, searchCopies } from "./copies.ts";
import { LabelHints } from "./label-hints.ts";
import { type LabelSummary, LabelSurvey } from "./label-survey.ts";
import { type Oddity, OddityList } from "./oddities.ts";
import { type Gallery, type HuOfHead, PictureChoice } from "./pictures.ts";
import { type FoldSummary, SplitSurvey } from "./split-survey.ts";
import { type Distribution, NumberTally } from "./tally.ts";

export interface ExploreOptions {
  /** Draws the images whose pixels are looked at. */
  seed?: number;
  /** How many images, beside those of the gallery, have their pixels read. */
  looked?: number;
  /** How many images at most are compared with those of other patients. */
  compared?: number;
  onProgress?(step: string, done: number, total: number): void;
}

/** What there is to know of a data set before anybody trains on it. */
export interface Exploration {
  slices: number;
  series: number;
  studies: number;
  patients: number;
  labels: LabelSummary;
  conflicts: LabelConflict[];
  attributes: Record<string, AttributeSummary>;
  slicesPerSeries: Distribution;
  oddities: Oddity[];
  galleries: Gallery[];
  huOfHead: HuOfHead;
  /** null where the data set has no split that fits it */
  folds: FoldSummary[] | null;
  /** Of so many images the pixels were read. */
  pixelsRead: number;
  copies: CopySearch;
}

const LOOKED = 400;
const COMPARED = 5000;

/**
 * Looks at every record once, and at the pixels of a sample. Memory grows with the number of images by some hundred bytes
 * each, for their labels and the hashes that find repeated pixels.
 * @throws VigilError dataset-invalid, table-invalid
 */
export async function exploreDataset(
  dataset: Dataset,
  { seed = 1, looked = LOOKED, compared = COMPARED, onProgress = () => undefined }: ExploreOptions = {},
): Promise<Exploration> {
  const labels = await dataset.labels();
  const oddities = new OddityList();
  const hints = new LabelHints(labels, oddities);
  const labelSurvey = new LabelSurvey(labels);
  const attributes = new AttributeSurvey();
  const pictures = new PictureChoice(labels, seed, looked);
  const slicesPerSeries = new NumberTally(1);
  const split = dataset.hasSplit ? new SplitSurvey(labels) : null;
  if (split !== null) for await (const row of dataset.split()) split.addRow(row);

  const { counts } = dataset.manifest;
  let read = 0;
  for await (const { patient, study, instances } of dataset.studies()) {
    labelSurvey.addStudy(patient, study, instances);
    hints.addImages(instances);
    oddities.addImages(instances);
    split?.addStudy(patient, study, instances);
    for (const record of instances) {
      attributes.add(record);
      pictures.add(record);
    }
    for (const members of Map.groupBy(instances, ({ series }) => series).values()) slicesPerSeries.add(members.length);
    onProgress("records", ++read, counts.studies);
  }
  const seen = await pictures.read(dataset, oddities, (done, total) => onProgress("pixels", done, total));
  const copies = await searchCopies(dataset, compared, oddities, (done, all) => onProgress("look-alikes", done, all));
  const inGalleries = seen.galleries.reduce((sum, gallery) => sum + gallery.pictures.length, 0);
  return {
    ...{ slices: counts.instances, series: counts.series, studies: counts.studies, patients: counts.patients },
    labels: labelSurvey.summary(),
    conflicts: labels.conflicts,
    attributes: attributes.summary(),
    slicesPerSeries: slicesPerSeries.summary(),
    oddities: oddities.list(),
    ...seen,
    folds: split?.summary() ?? null,
    pixelsRead: inGalleries + seen.huOfHead.slices,
    copies,
  };
}
