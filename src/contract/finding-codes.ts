import type { Laterality, Presence } from "./finding.ts";
import type { Label, PerLabel } from "./labels.ts";
import type { CodedConcept } from "./report-codes.ts";

/** What a label says, in codes: the finding, and the site that belongs to it. */
export interface FindingCode {
  finding: CodedConcept;
  site: CodedConcept;
}

const sct = (value: string, meaning: string): CodedConcept => ({ value, scheme: "SCT", meaning });

const INTRACRANIAL = sct("1101003", "Intracranial"); // CID 4

/** Findings are disorders of SNOMED CT (DICOM has no context group for them); sites are members of CID 4. */
export const FINDING_CODES: PerLabel<FindingCode> = {
  epidural: { finding: sct("82999001", "Epidural hemorrhage"), site: INTRACRANIAL },
  intraparenchymal: { finding: sct("274100004", "Cerebral hemorrhage"), site: sct("12738006", "Brain") },
  // The morphology (CID 6335), which its site makes specific.
  intraventricular: { finding: sct("50960005", "Hemorrhage"), site: sct("35764002", "Brain ventricle") },
  subarachnoid: { finding: sct("21454007", "Subarachnoid hemorrhage"), site: sct("35951006", "Subarachnoid space") },
  subdural: { finding: sct("35486000", "Subdural hemorrhage"), site: INTRACRANIAL },
  any: { finding: sct("1386000", "Intracranial hemorrhage"), site: INTRACRANIAL },
};

/** What people call a label, where a code does not fit. */
export function findingName(label: Label): string {
  return label === "any" ? "any haemorrhage" : label;
}

/** CID 240 Present-Absent-Undetermined */
export const PRESENCE_CODES: Record<Presence, CodedConcept> = {
  present: sct("52101004", "Present"),
  absent: sct("272519000", "Absent"),
  undetermined: sct("373068000", "Undetermined"),
};

/** CID 244 Laterality, which has nothing for the midline. */
export const LATERALITY_CODES: Record<Laterality, CodedConcept | null> = {
  left: sct("7771000", "Left"),
  right: sct("24028007", "Right"),
  bilateral: sct("51440002", "Bilateral"),
  midline: null,
};
