import { readFile } from "node:fs/promises";
import { type LocatedInstance, readFileHeader } from "../../dicom/file-header.ts";
import type { InstanceHeader, InstanceName, StoredInstance, StudySource } from "../../dicom/source.ts";
import { SOP_CLASS } from "../../dicom/uids.ts";
import { toVigilError, VigilError } from "../../errors.ts";
import { type InstanceRecord, instanceKey } from "../dataset/instance-record.ts";
import { pathIn } from "../dataset/layout.ts";

/** Pictures without pixel spacing are taken to show this much: a head fills them. */
const FIELD_OF_VIEW_MM = 230;

/** A study of a data set as a source of images, for the code that scores. */
export class DatasetStudy implements StudySource {
  readonly studyInstanceUid: string;
  /** Files whose header cannot be read. */
  readonly unreadable: { record: InstanceRecord; error: VigilError }[] = [];
  readonly #instances: LocatedInstance[] = [];

  private constructor(studyInstanceUid: string) {
    this.studyInstanceUid = studyInstanceUid;
  }

  /** @param arePictures whether they were made with one window, and may lack a pixel spacing */
  static async open(dir: string, records: InstanceRecord[], arePictures: boolean): Promise<DatasetStudy> {
    const study = new DatasetStudy(records[0]?.study ?? "");
    for (const [file, images] of Map.groupBy(records, (record) => record.file)) {
      try {
        const located = await readFileHeader(pathIn(dir, file));
        if (located === undefined) throw new VigilError("dicom-unreadable", `${pathIn(dir, file)} is no image`);
        const wanted = new Set(images.map(instanceKey));
        const headers = located.headers.filter((header) => wanted.has(keyOf(header)));
        study.#instances.push({ file: located.file, headers: arePictures ? headers.map(asSlice) : headers });
      } catch (error) {
        study.unreadable.push(...images.map((record) => ({ record, error: toVigilError(error) })));
      }
    }
    return study;
  }

  async listInstances(): Promise<InstanceHeader[]> {
    return this.#instances.flatMap(({ headers }) => headers);
  }

  async *readInstances(images: InstanceName[]): AsyncIterable<StoredInstance> {
    const wanted = new Set(images.map(({ sopInstanceUid }) => sopInstanceUid));
    for (const { file, headers } of this.#instances) {
      const [first] = headers;
      if (first === undefined || !wanted.has(first.sopInstanceUid)) continue;
      yield { sopInstanceUid: first.sopInstanceUid, file, bytes: await readFile(file) };
    }
  }
}

/** `instanceKey` of an image whose header was read. */
export function keyOf({ sopInstanceUid, frameNumber }: InstanceHeader): string {
  return instanceKey({ sop: sopInstanceUid, frame: frameNumber });
}

/**
 * What reads heads takes secondary captures for screenshots, and needs a pixel spacing: pictures of a data set are slices all
 * the same.
 */
export function asSlice(header: InstanceHeader): InstanceHeader {
  const spacingMm = FIELD_OF_VIEW_MM / Math.max(1, header.columns ?? 1);
  const pixelSpacingMm = header.pixelSpacingMm ?? ([spacingMm, spacingMm] as [number, number]);
  return { ...header, sopClassUid: SOP_CLASS.ctImage, pixelSpacingMm };
}
