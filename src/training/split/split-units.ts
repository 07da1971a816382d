import { LABELS, type PerLabel, perLabel } from "../../contract/labels.ts";
import type { Dataset, StudyRecords } from "../dataset/dataset.ts";
import { type InstanceRecord, instanceKey } from "../dataset/instance-record.ts";
import type { LabelIndex } from "../dataset/resolve-labels.ts";
import { showsTissue } from "../likeness/featureless.ts";
import { positiveImages } from "./fold-table.ts";
import { PatientLinks, readPatientPairs } from "./patient-links.ts";

/** Patients who stay on one side (usually one), and what a split balances about them. */
export interface SplitUnit {
  patients: string[];
  slices: number;
  /** Images with each label. */
  positives: PerLabel<number>;
  /** Images of each scanner. */
  scanners: Map<string, number>;
}

export interface SplitUnits {
  units: SplitUnit[];
  /** Why patients were put together. */
  linkedBy: { file: number; study: number; pixels: number };
  /** Ids of the file of links that are no patient here. */
  unknownLinks: number;
  /** Studies of which nobody said anything. */
  unlabelledStudies: number;
}

/** @param links a CSV of patients who are one person */
export async function splitUnitsOf(dataset: Dataset, labels: LabelIndex, links?: string): Promise<SplitUnits> {
  const patients = new Map<string, number>();
  const units: SplitUnit[] = [];
  const grouped = new PatientLinks();
  const linkedBy = { file: 0, study: 0, pixels: 0 };
  const studies = new Map<string, number>();
  const pixels = new Map<number, number>();
  let unlabelledStudies = 0;
  for await (const records of dataset.studies()) {
    const patient = patients.get(records.patient) ?? units.push(emptyUnit(records.patient)) - 1;
    patients.set(records.patient, patient);
    addStudy(units[patient]!, records, labels);
    if (!isLabelled(records, labels)) unlabelledStudies++;
    const samePatient = studies.get(records.study) ?? patient;
    studies.set(records.study, samePatient);
    if (samePatient !== patient && grouped.link(samePatient, patient)) linkedBy.study++;
    for (const record of records.instances) {
      const key = shortHash(record);
      const other = pixels.get(key) ?? patient;
      pixels.set(key, other);
      if (grouped.groupOf(other) === grouped.groupOf(patient) || !(await identifies(dataset, record))) continue;
      grouped.link(other, patient);
      linkedBy.pixels++;
    }
  }
  let unknownLinks = 0;
  if (links !== undefined) {
    for await (const [a, b] of readPatientPairs(links)) {
      const [one, other] = [patients.get(a), patients.get(b)];
      unknownLinks += Number(one === undefined) + Number(other === undefined);
      if (one !== undefined && other !== undefined && grouped.link(one, other)) linkedBy.file++;
    }
  }
  return { units: joined(units, grouped), linkedBy, unknownLinks, unlabelledStudies };
}

/** What patients may have in common without being one: an image of air, black in every one of them. */
async function identifies(dataset: Dataset, record: InstanceRecord): Promise<boolean> {
  // One that cannot be read may be anybody's: then they stay together.
  const slices = await dataset.readPixels(record).catch(() => undefined);
  return slices === undefined || slices.some(({ hu }) => showsTissue(hu));
}

/** 52 bits: among two million images the chance that any two differ and share them is 1 in 2,000. */
function shortHash({ pixelHash }: InstanceRecord): number {
  return Number.parseInt(pixelHash.slice(0, 13), 16);
}

function emptyUnit(patient: string): SplitUnit {
  return { patients: [patient], slices: 0, positives: perLabel(() => 0), scanners: new Map() };
}

function addStudy(unit: SplitUnit, records: StudyRecords, labels: LabelIndex): void {
  unit.slices += records.instances.length;
  for (const label of LABELS) {
    unit.positives[label] += positiveImages(records, label, labels).length;
  }
  for (const { manufacturer, scanner } of records.instances) {
    const name = `${manufacturer} ${scanner}`.trim();
    unit.scanners.set(name, (unit.scanners.get(name) ?? 0) + 1);
  }
}

function isLabelled({ study, instances }: StudyRecords, labels: LabelIndex): boolean {
  return labels.has(study, null) || instances.some((record) => labels.has(study, instanceKey(record)));
}

function joined(units: SplitUnit[], links: PatientLinks): SplitUnit[] {
  const groups = new Map<number, SplitUnit>();
  for (const [patient, unit] of units.entries()) {
    const group = links.groupOf(patient);
    const whole = groups.get(group);
    if (whole === undefined) groups.set(group, unit);
    else add(whole, unit);
  }
  return [...groups.values()];
}

function add(whole: SplitUnit, part: SplitUnit): void {
  whole.patients.push(...part.patients);
  whole.slices += part.slices;
  for (const label of LABELS) whole.positives[label] += part.positives[label];
  for (const [name, count] of part.scanners) whole.scanners.set(name, (whole.scanners.get(name) ?? 0) + count);
}
