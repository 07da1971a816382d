import type { Dataset } from "../dataset/dataset.ts";
import { instanceKey } from "../dataset/instance-record.ts";
import { pathIn } from "../dataset/layout.ts";
import { type DividedFile, findCopies } from "../likeness/find-copies.ts";
import type { OddityList } from "./oddities.ts";

/** How far copies were looked for. */
export interface CopySearch {
  compared: number;
  images: number;
  /** What was not looked at, in whole sentences. */
  remarks: string[];
}

/**
 * Looks for images of different patients that show the same head: the same patient twice, or one image in two files. Of a
 * large set the first images of every so many studies are compared, and it is said of how many.
 */
export async function searchCopies(
  dataset: Dataset,
  most: number,
  oddities: OddityList,
  onProgress: (done: number, total: number) => void,
): Promise<CopySearch> {
  const { instances, studies } = dataset.manifest.counts;
  const everyStudy = Math.max(1, Math.ceil(instances / Math.max(1, most)));
  const arePictures = dataset.manifest.source.kind === "images";
  let compared = 0;
  let study = 0;
  async function* files(): AsyncGenerator<DividedFile> {
    for await (const { patient, instances: images } of dataset.studies()) {
      onProgress(study, studies);
      if (study++ % everyStudy !== 0 || compared >= most) continue;
      for (const [file, records] of Map.groupBy(images, (record) => record.file)) {
        const names = new Set(records.filter(({ problem }) => problem === null).map(instanceKey));
        compared += names.size;
        const sideOf = (key: string) => (names.has(key) ? { name: key, side: patient } : undefined);
        if (names.size > 0) yield { file: pathIn(dataset.dir, file), arePictures, sideOf };
      }
    }
  }
  const nothing = { identical: [], nearIdentical: [], remarks: [] };
  const { identical, nearIdentical, remarks } = most === 0 ? nothing : await findCopies(files());
  onProgress(studies, studies);
  for (const [a, b] of [...identical, ...nearIdentical])
    oddities.add("look-alike", "images of two patients that look the same", `${a.name} and ${b.name}`);
  return { compared, images: instances, remarks };
}
