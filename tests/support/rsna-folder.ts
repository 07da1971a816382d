import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { ctSeries } from "../../src/phantom/ct-series.ts";
import { inRsnaForm, rsnaUid } from "./rsna-form.ts";

export interface RsnaFile {
  /** As RSNA's collection names it: `ID_…`. */
  sop: string;
  file: string;
  bytes: Uint8Array;
}

/** Studies of small slices in RSNA's form, their files in one folder and in no order. */
export function rsnaFolder(dir: string, studies: number, slices = 3): RsnaFile[] {
  mkdirSync(dir, { recursive: true });
  const size = 16;
  return Array.from({ length: studies }, (_, study) => {
    const hu = Int16Array.from({ length: size * size * slices }, (_, i) => ((i * 7 + study * 13) % 900) - 100);
    const series = ctSeries(
      { columns: size, rows: size, slices, hu, pixelSpacingMm: 1, sliceSpacingMm: 5 },
      { studyKey: `study ${study}`, patientName: "", patientId: `P${study}`, studyDescription: "" },
    );
    return series.instances.map(({ sopInstanceUid, bytes: plain }): RsnaFile => {
      const sop = rsnaUid(sopInstanceUid);
      const file = path.join(dir, `${sop}.dcm`);
      const bytes = inRsnaForm(plain);
      writeFileSync(file, bytes);
      return { sop, file, bytes };
    });
  }).flat();
}

const LABELS = ["epidural", "intraparenchymal", "intraventricular", "subarachnoid", "subdural", "any"];

/** The six rows of each image in Kaggle's long form. */
export function longRows(image: string, ...positive: string[]): string[] {
  return LABELS.map((label) => `${image}_${label},${positive.includes(label) ? 1 : 0}`);
}

export function longTable(file: string, rows: string[]): string {
  writeFileSync(file, ["ID,Label", ...rows, ""].join("\n"));
  return file;
}
