import path from "node:path";
import { LABELS, type Label } from "../../contract/labels.ts";
import { VigilError } from "../../errors.ts";
import { csvLine } from "../dataset/csv-rows.ts";
import type { Dataset } from "../dataset/dataset.ts";
import { instanceKey } from "../dataset/instance-record.ts";
import { DATASET_FILES } from "../dataset/layout.ts";
import { type DatasetManifest, writeDatasetManifest } from "../dataset/manifest.ts";
import type { LabelIndex } from "../dataset/resolve-labels.ts";
import { SPLIT_COLUMNS, splitLine } from "../dataset/split-row.ts";
import { writeWhole } from "../dataset/whole-file.ts";
import { type FoldCounts, FoldTable } from "./fold-table.ts";
import { type Leak, SideIndex } from "./leaks.ts";
import { foldsOfSlices } from "./split-slices.ts";
import { type SplitUnit, type SplitUnits, splitUnitsOf } from "./split-units.ts";
import { stratify } from "./stratify.ts";

export interface SplitRequest {
  /** How many folds, or the share held out; without either as many folds as can be balanced, five at most. */
  folds?: number | undefined;
  validation?: number | undefined;
  seed: number;
  by: "patient" | "slice";
  /** A CSV of pairs of patients who are one person. */
  links?: string | undefined;
  /** Whether to go on where a label has fewer patients than there are folds. */
  allowUnbalanced?: boolean | undefined;
}

export interface SplitOutcome {
  folds: FoldCounts[];
  /** Of a split by slice: patients and studies on several sides. */
  leaks: Leak[];
  /** What whoever reads the figures must know, in whole sentences. */
  remarks: string[];
}

const USUAL_FOLDS = 5;
const FEWEST_FOLDS = 2;

/**
 * Divides a data set, and writes split.csv and what the split was made with. A hold-out has fold 0 for validation and fold 1
 * for training.
 * @throws VigilError usage-invalid; split-unbalanced, naming the label, its patients and how many folds would do
 */
export async function splitDataset(dataset: Dataset, request: SplitRequest): Promise<SplitOutcome> {
  const labels = await dataset.labels();
  const { shares, foldOf, remarks } =
    request.by === "slice" ? await bySlice(dataset, labels, request) : await byPatient(dataset, labels, request);
  const table = new FoldTable(shares.length, labels);
  const [patients, studies] = [new SideIndex("patient"), new SideIndex("study")];
  const lines = async function* () {
    yield csvLine(request.by === "slice" ? [...SPLIT_COLUMNS, "sop"] : [...SPLIT_COLUMNS]);
    let number = 0;
    for await (const records of dataset.studies()) {
      const { patient, study, instances } = records;
      const folds = instances.map(() => foldOf(patient, number++));
      table.add(records, folds);
      for (const fold of new Set(folds)) {
        patients.add(patient, String(fold));
        studies.add(study, String(fold));
      }
      if (request.by === "patient") yield splitLine({ study, patient, fold: folds[0]! });
      else
        for (const [i, record] of instances.entries())
          yield splitLine({ study, patient, fold: folds[i]!, sop: instanceKey(record) });
    }
  };
  const { dir, manifest } = dataset;
  // Never a new table beside what an old one was made with.
  await writeDatasetManifest(dir, { ...manifest, split: null });
  await writeWhole(path.join(dir, DATASET_FILES.split), lines());
  await writeDatasetManifest(dir, { ...manifest, split: splitOf(manifest, request, shares.length) });
  const leaks = [...patients.leaks(), ...studies.leaks()];
  if (leaks.length > 0) remarks.push(leakWarning(patients, studies));
  return { folds: table.folds, leaks, remarks };
}

function splitOf(manifest: DatasetManifest, { seed, by, validation }: SplitRequest, folds: number) {
  const { contentHash } = manifest;
  return { created: new Date().toISOString(), contentHash, seed, folds, by, validation: validation ?? null };
}

interface Division {
  shares: number[];
  /** @param number of the image, in the order of instances.jsonl */
  foldOf(patient: string, number: number): number;
  remarks: string[];
}

async function byPatient(dataset: Dataset, labels: LabelIndex, request: SplitRequest): Promise<Division> {
  const found = await splitUnitsOf(dataset, labels, request.links);
  const { units } = found;
  const { shares, remark } = sharesOf(units, request);
  const assigned = stratify(units, shares, request.seed);
  const folds = new Map(units.flatMap(({ patients }, unit) => patients.map((patient) => [patient, assigned[unit]!])));
  return {
    shares,
    foldOf: (patient) => folds.get(patient)!,
    remarks: [...remark, ...remarksOn(found, request), ...unlabelledRemarks(found)],
  };
}

async function bySlice(dataset: Dataset, labels: LabelIndex, request: SplitRequest): Promise<Division> {
  const shares = askedShares(request) ?? evenShares(USUAL_FOLDS);
  const folds = await foldsOfSlices(dataset, labels, shares, request.seed);
  return { shares, foldOf: (_, number) => folds[number]!, remarks: [] };
}

function askedShares({ folds, validation }: SplitRequest): number[] | undefined {
  if (validation !== undefined) return [validation, 1 - validation];
  return folds === undefined ? undefined : evenShares(folds);
}

function evenShares(folds: number): number[] {
  return Array.from({ length: folds }, () => 1 / folds);
}

/** @throws VigilError split-unbalanced */
function sharesOf(units: SplitUnit[], request: SplitRequest): { shares: number[]; remark: string[] } {
  const scarce = scarcestLabel(units);
  const most = Math.min(scarce?.patients ?? units.length, units.length);
  const asked = askedShares(request);
  const folds = asked?.length ?? Math.min(USUAL_FOLDS, Math.max(FEWEST_FOLDS, most));
  const shares = asked ?? evenShares(folds);
  if (units.length < folds) throw unbalanced(`there are ${count(units.length, "patient")} for ${folds} folds`);
  if (folds <= most || scarce === undefined) {
    if (asked !== undefined || folds === USUAL_FOLDS || scarce === undefined) return { shares, remark: [] };
    return {
      shares,
      remark: [`${folds} folds: no more than ${count(scarce.patients, "patient")} have ${scarce.label}.`],
    };
  }
  const why = `only ${count(scarce.patients, "patient")} (linked ones count once) have ${scarce.label}, too few for ${folds} ${request.validation === undefined ? "folds" : "sides"}`;
  if (request.allowUnbalanced) return { shares, remark: [`Not every fold has every label: ${why}.`] };
  const remedy = most >= FEWEST_FOLDS ? `--folds ${most} would do, ` : "";
  throw unbalanced(`${why}: ${remedy}or --allow-unbalanced leaves folds without it`);
}

function unbalanced(why: string): VigilError {
  return new VigilError("split-unbalanced", `the data set cannot be divided evenly: ${why}`);
}

/** Of the labels that anybody has. */
function scarcestLabel(units: SplitUnit[]): { label: Label; patients: number } | undefined {
  const counts = LABELS.map((label) => ({
    label,
    patients: units.filter(({ positives }) => positives[label] > 0).length,
  }));
  return counts.filter(({ patients }) => patients > 0).sort((a, b) => a.patients - b.patients)[0];
}

function remarksOn({ linkedBy, unknownLinks, units }: SplitUnits, { links }: SplitRequest): string[] {
  const remarks = [];
  const { file, study, pixels } = linkedBy;
  const reasons = [
    ...(file > 0 ? [`${file} by ${links}`] : []),
    ...(study > 0 ? [`${study} by a study of the same UID`] : []),
    ...(pixels > 0 ? [`${pixels} by identical pixels`] : []),
  ];
  const together = units.filter(({ patients }) => patients.length > 1);
  if (together.length > 0) {
    const patients = together.reduce((sum, unit) => sum + unit.patients.length, 0);
    remarks.push(
      `${patients} patients are linked and stay together in ${count(together.length, "group")} (${reasons.join(", ")}).`,
    );
  }
  if (unknownLinks > 0)
    remarks.push(
      `${count(unknownLinks, "id")} of ${links} ${unknownLinks === 1 ? "is" : "are"} no patient of this data set.`,
    );
  return remarks;
}

function unlabelledRemarks({ unlabelledStudies, units }: SplitUnits): string[] {
  const absent = LABELS.filter((label) => units.every(({ positives }) => positives[label] === 0));
  return [
    ...(unlabelledStudies > 0
      ? [
          `${unlabelledStudies === 1 ? "1 study has" : `${unlabelledStudies} studies have`} no labels: balanced by size and scanner only.`,
        ]
      : []),
    ...(absent.length > 0 ? [`Nobody has ${absent.join(", ")}: nothing to balance.`] : []),
  ];
}

function leakWarning(patients: SideIndex, studies: SideIndex): string {
  const several = (index: SideIndex, noun: string) => `${index.leaks().length} of ${index.size} ${noun}`;
  const which = `${several(patients, "patients")} and ${several(studies, "studies")} stand on several sides`;
  return `Warning: this split leaks. ${which}: what is learnt of one slice is asked for on its neighbour, and figures come out better than they will on new patients. Use it to compare with others only.`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
