import type { Warning } from "../contract/warning.ts";
import type { InstanceHeader, InstanceName, StoredInstance, StudySource } from "../dicom/source.ts";
import { VigilError } from "../errors.ts";
import type { InstanceCounts, Pacs } from "./pacs.ts";
import type { StudyMetadata } from "./study-metadata.ts";

/** A study in a PACS. Its headers are read once: the object stands for the study as it was then. */
export class PacsStudySource implements StudySource {
  readonly studyInstanceUid: string;
  /** Complete once the instances have been listed. */
  readonly warnings: Warning[] = [];
  /** Number of Study Related Instances; null before the instances have been listed, and where the PACS does not tell. */
  instanceCount: number | null = null;
  readonly #pacs: Pacs;
  #headers: Promise<InstanceHeader[]> | undefined;

  constructor(pacs: Pacs, studyInstanceUid: string) {
    this.#pacs = pacs;
    this.studyInstanceUid = studyInstanceUid;
  }

  /** @throws VigilError also study-incomplete when QIDO-RS tells of more instances than the metadata */
  listInstances(signal?: AbortSignal): Promise<InstanceHeader[]> {
    this.#headers ??= this.#list(signal);
    return this.#headers;
  }

  async #list(signal: AbortSignal | undefined): Promise<InstanceHeader[]> {
    // First, so that slices which arrive in between make the metadata the longer of the two.
    const counts = await this.#pacs.countInstances(this.studyInstanceUid, signal);
    const metadata = await this.#pacs.studyHeaders(this.studyInstanceUid, signal);
    this.#assertComplete(counts, metadata);
    this.warnings.push(...metadata.warnings);
    this.instanceCount = counts.study;
    return metadata.headers;
  }

  #assertComplete(counts: InstanceCounts, { headers, unreadable }: StudyMetadata): void {
    const compare = (what: string, expected: number | null, listed: InstanceHeader[]) => {
      const found = uidsOf(listed).length;
      if (expected === null || found + unreadable >= expected) return;
      const message = `${what} has ${expected} instances by QIDO-RS, and the metadata of ${found + unreadable}`;
      throw new VigilError("study-incomplete", message);
    };
    compare(`study ${this.studyInstanceUid}`, counts.study, headers);
    for (const [uid, expected] of counts.series) {
      const listed = headers.filter((header) => header.seriesInstanceUid === uid);
      compare(`series ${uid} of study ${this.studyInstanceUid}`, expected, listed);
    }
  }

  /**
   * Instance by instance, so that memory holds a few slices only, however long the series. Every instance that is
   * asked for is handed on; one that the PACS does not give ends the reading.
   */
  async *readInstances(images: InstanceName[], signal?: AbortSignal): AsyncIterable<StoredInstance> {
    const waiting = [...new Map(images.map((image) => [image.sopInstanceUid, image])).values()];
    const stop = new AbortController();
    const signals = signal === undefined ? [stop.signal] : [stop.signal, signal];
    const underWay: { sopInstanceUid: string; retrieval: Promise<Uint8Array> }[] = [];
    const retrieveNext = () => {
      const next = waiting.shift();
      if (next === undefined) return;
      const { seriesInstanceUid, sopInstanceUid } = next;
      const path = { studyInstanceUid: this.studyInstanceUid, seriesInstanceUid, sopInstanceUid };
      const retrieval = this.#pacs.retrieveInstance(path, AbortSignal.any(signals));
      retrieval.catch(() => {}); // reported where it is awaited; the others end with `stop`
      underWay.push({ sopInstanceUid, retrieval });
    };
    try {
      for (let i = 0; i < this.#pacs.config.parallelRetrievals; i++) retrieveNext();
      for (let current = underWay.shift(); current !== undefined; current = underWay.shift()) {
        const { sopInstanceUid, retrieval } = current;
        const bytes = await retrieval;
        retrieveNext();
        yield { sopInstanceUid, bytes, file: null };
      }
    } finally {
      stop.abort();
    }
  }
}

/** A multi-frame image has a header for each of its frames. */
function uidsOf(headers: InstanceHeader[]): string[] {
  return [...new Set(headers.map((header) => header.sopInstanceUid))];
}
