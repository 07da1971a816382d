// dcmjs ships no types. These cover what Vigil calls: reading and writing Part 10 files and the naturalised form.
declare module "dcmjs" {
  /** A data set by keyword; a sequence is an array of such. */
  export type NaturalDataset = { [keyword: string]: unknown };
  type TaggedDataset = Record<string, { vr: string; Value?: unknown[] }>;

  interface DicomMetaDictionary {
    /** By `(GGGG,EEEE)` in capitals. */
    dictionary: Record<string, { vr: string; vm: string; name: string } | undefined>;
    naturalizeDataset(dataset: TaggedDataset): NaturalDataset;
    denaturalizeDataset(dataset: NaturalDataset): TaggedDataset;
  }

  class DicomDict {
    constructor(meta: TaggedDataset);
    meta: TaggedDataset;
    dict: TaggedDataset;
    write(options?: { allowInvalidVRLength?: boolean; fragmentMultiframe?: boolean }): ArrayBuffer;
  }

  interface DicomMessage {
    readFile(buffer: ArrayBuffer, options?: { ignoreErrors?: boolean; untilTag?: string }): DicomDict;
  }

  const dcmjs: {
    data: {
      DicomMetaDictionary: DicomMetaDictionary;
      DicomDict: typeof DicomDict;
      DicomMessage: DicomMessage;
    };
    log: { setLevel(level: string): void };
  };
  export default dcmjs;
}
