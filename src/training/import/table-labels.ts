import path from "node:path";
import { perLabel } from "../../contract/labels.ts";
import { VigilError } from "../../errors.ts";
import type { LabelRow } from "../dataset/label-row.ts";
import type { DatasetImages } from "./dataset-images.ts";
import { type LabelTableRow, readLabelTable } from "./label-table.ts";
import type { NewLabels } from "./new-labels.ts";
import type { UnknownNames } from "./unknown-names.ts";

/**
 * Labels of an RSNA-style table. A wide one may name `study` (for rows without an image: of the whole study), `source`,
 * `reader` and `at`. What the table says of one image and by one reader becomes one row, or two where it contradicts itself.
 * @throws VigilError table-invalid, naming file and line; not-found
 */
export async function labelsOfTable(
  file: string,
  images: DatasetImages,
  reader: string,
  unknown: UnknownNames,
): Promise<NewLabels> {
  const rowsOf = new Map<string, LabelRow[]>();
  const faults = readLabelTable(file, ({ code, line, what }) => {
    const where = `${file}, line ${line}`;
    if (code === "label-unknown") unknown.meet(where, what);
    else throw new VigilError("table-invalid", `${where}: ${what}; nothing was written`);
  });
  for await (const row of faults) {
    const about = placeOf(row, images);
    if (about === null) {
      unknown.meet(`${file}, line ${row.line}`, `"${row.image || row.others.study}" is not in the data set`);
      continue;
    }
    const said = {
      source: row.others.source || `csv:${path.basename(file)}`,
      reader: row.others.reader || reader,
      at: row.others.at ?? "",
    };
    const key = [about.study, about.sop, said.source, said.reader, said.at].join("\n");
    const rows = rowsOf.get(key) ?? [];
    rowsOf.set(key, rows);
    for (const [label, value] of row.said) {
      let free = rows.find(({ labels }) => labels[label] === null || labels[label] === value);
      if (free === undefined) {
        free = { ...about, labels: perLabel(() => null), ...said };
        rows.push(free);
      }
      free.labels[label] = value;
    }
  }
  return { rows: [...rowsOf.values()].flat(), whole: new Set() };
}

function placeOf({ image, others }: LabelTableRow, images: DatasetImages): Pick<LabelRow, "study" | "sop"> | null {
  if (image === "") {
    const study = others.study ?? "";
    return images.hasStudy(study) ? { study, sop: null } : null;
  }
  const name = image.replace(/^.*[/\\]/, "").replace(/\.dcm$/i, "");
  for (const sop of [image, name]) {
    const study = images.studyOf(sop);
    if (study !== undefined) return { study, sop };
  }
  return null;
}
