import { FINDING_CODES, PRESENCE_CODES } from "../../contract/finding-codes.ts";
import { LABELS, type Label } from "../../contract/labels.ts";
import { CODES, type CodedConcept } from "../../contract/report-codes.ts";
import type { Code, Item, Report } from "./report-tree.ts";

/** What a report says of one label: of the whole study, or of images. */
export interface Statement {
  label: Label;
  present: boolean;
  /** Empty: of the whole study. */
  images: string[];
}

export interface ReportStatements {
  statements: Statement[];
  /** Findings in codes that stand for none of the labels, such as `10001 SCT (Fracture)`. */
  otherFindings: string[];
  /** The observing person or device (TID 1002). */
  reader: string;
}

/**
 * Reads findings by their codes wherever TID 1500 has them: measurement groups (TID 1410, 1411, 1501: present unless
 * they say otherwise) and evaluations of the study (a finding as the name of a CODE whose value is of CID 240). Findings
 * that are undetermined say nothing.
 */
export function statementsOf({ root }: Report): ReportStatements {
  const found: ReportStatements = { statements: [], otherFindings: [], reader: readerOf(root) };
  visit(root, found);
  return found;
}

function visit(item: Item, found: ReportStatements): void {
  if (is(item.name, CODES.measurementGroup)) {
    addGroup(item, found);
    return;
  }
  const presence = item.code === null ? undefined : presenceOf(item.code);
  if (item.name !== null && presence !== undefined) {
    const label = labelOf(item.name, siteOf(item));
    if (label !== undefined) addStatement(label, presence, imagesBelow(item), found);
    else if (!is(item.name, CODES.presence)) found.otherFindings.push(described(item.name));
    return;
  }
  for (const child of item.children) visit(child, found);
}

function addGroup(group: Item, found: ReportStatements): void {
  const finding = group.children.find(({ name, code }) => is(name, CODES.finding) && code !== null);
  if (finding === undefined) return;
  const label = labelOf(finding.code!, siteOf(group) ?? siteOf(finding));
  if (label === undefined) {
    found.otherFindings.push(described(finding.code!));
    return;
  }
  const said = [...group.children, ...finding.children].flatMap(({ code }) =>
    code === null ? [] : (presenceOf(code) ?? []),
  );
  addStatement(label, said[0] ?? "present", imagesBelow(group), found);
}

function addStatement(
  label: Label,
  presence: keyof typeof PRESENCE_CODES,
  images: string[],
  { statements }: ReportStatements,
): void {
  if (presence !== "undetermined") statements.push({ label, present: presence === "present", images });
}

function presenceOf(code: Code): keyof typeof PRESENCE_CODES | undefined {
  return (["present", "absent", "undetermined"] as const).find((presence) => is(code, PRESENCE_CODES[presence]));
}

/** What a bare "Hemorrhage" is called by its site. */
const NAMED_BY_SITE = ["intraparenchymal", "intraventricular", "subarachnoid", "any"] as const;

/** Every other finding says by itself where it is. */
function labelOf(finding: Code, site: Code | null): Label | undefined {
  if (!is(finding, FINDING_CODES.intraventricular.finding))
    return LABELS.find((label) => is(finding, FINDING_CODES[label].finding));
  return NAMED_BY_SITE.find((label) => is(site, FINDING_CODES[label].site));
}

function siteOf({ children }: Item): Code | null {
  return children.find(({ name }) => is(name, CODES.findingSite))?.code ?? null;
}

function imagesBelow(item: Item): string[] {
  return [...new Set([...item.images, ...item.children.flatMap(imagesBelow)])];
}

function is(code: Code | null, { value, scheme }: CodedConcept): boolean {
  return code !== null && code.value === value && schemeOf(code) === scheme;
}

/** SNOMED CT goes by its former names as well (PS3.16 8.1). */
function schemeOf({ scheme }: Code): string {
  return ["SNOMED", "99SDM", "SRT", "2.16.840.1.113883.6.96"].includes(scheme) ? "SCT" : scheme;
}

function described({ value, scheme, meaning }: Code): string {
  return `${value} ${scheme} (${meaning})`;
}

const PERSON_OBSERVER_NAME = { value: "121008", scheme: "DCM", meaning: "Person Observer Name" } as const;

/** Persons first: a report made by a device and verified by nobody is the device's. */
function readerOf(root: Item): string {
  const named = (concept: CodedConcept) => root.children.find(({ name }) => is(name, concept))?.text ?? "";
  const person = named(PERSON_OBSERVER_NAME);
  if (person !== "") return person;
  const device = [named(CODES.deviceObserverName), named(CODES.deviceObserverModelName)].filter((part) => part !== "");
  return device.length === 0 ? "" : `device: ${device.join(" ")}`;
}
