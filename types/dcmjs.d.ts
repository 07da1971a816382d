// dcmjs ships no types. These cover what Vigil calls: reading and writing Part 10 files and the naturalised form.
declare module "dcmjs" {
  /** A data set by keyword; a sequence is an array of such. */
  export type NaturalDataset = { [keyword: string]: unknown };
  type TaggedDataset = Record<string, { vr: string; Value?: unknown[] }>;

  class DicomMetaDictionary {
    static naturalizeDataset(dataset: TaggedDataset): NaturalDataset;
    static denaturalizeDataset(dataset: NaturalDataset): TaggedDataset;
    static uid(): string;
  }

  class DicomDict {
    constructor(meta: TaggedDataset);
    meta: TaggedDataset;
    dict: TaggedDataset;
    write(options?: { allowInvalidVRLength?: boolean; fragmentMultiframe?: boolean }): ArrayBuffer;
  }

  class DicomMessage {
    static readFile(buffer: ArrayBuffer, options?: { ignoreErrors?: boolean; untilTag?: string }): DicomDict;
  }

  const dcmjs: {
    data: {
      DicomMetaDictionary: typeof DicomMetaDictionary;
      DicomDict: typeof DicomDict;
      DicomMessage: typeof DicomMessage;
    };
    log: { setLevel(level: string): void };
  };
  export default dcmjs;
}
