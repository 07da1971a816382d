import type { InstanceHeader, StoredInstance, StudySource } from "../dicom/source.ts";
import type { Pacs } from "./pacs.ts";

/** Enough to keep a connection busy while the last instance is being read; more gains nothing on a local network. */
const PARALLEL_RETRIEVALS = 4;

/** A study in a PACS. Its headers are read once: the object stands for the study as it was then. */
export class PacsStudySource implements StudySource {
  readonly studyInstanceUid: string;
  readonly #pacs: Pacs;
  #headers: Promise<InstanceHeader[]> | undefined;

  constructor(pacs: Pacs, studyInstanceUid: string) {
    this.#pacs = pacs;
    this.studyInstanceUid = studyInstanceUid;
  }

  listInstances(signal?: AbortSignal): Promise<InstanceHeader[]> {
    this.#headers ??= this.#pacs.studyHeaders(this.studyInstanceUid, signal);
    return this.#headers;
  }

  /** Instance by instance, so that memory holds a few slices only, however long the series. */
  async *readSeries(seriesInstanceUid: string, signal?: AbortSignal): AsyncIterable<StoredInstance> {
    const headers = await this.listInstances(signal);
    const isFirstFrame = ({ frameNumber }: InstanceHeader) => frameNumber === null || frameNumber === 1;
    const waiting = headers.filter((header) => header.seriesInstanceUid === seriesInstanceUid && isFirstFrame(header));
    const stop = new AbortController();
    const signals = signal === undefined ? [stop.signal] : [stop.signal, signal];
    const underWay: Promise<Uint8Array>[] = [];
    const retrieveNext = () => {
      const next = waiting.shift();
      if (next === undefined) return;
      const path = { studyInstanceUid: this.studyInstanceUid, seriesInstanceUid, sopInstanceUid: next.sopInstanceUid };
      const retrieval = this.#pacs.retrieveInstance(path, AbortSignal.any(signals));
      retrieval.catch(() => {}); // reported where it is awaited; the others end with `stop`
      underWay.push(retrieval);
    };
    try {
      for (let i = 0; i < PARALLEL_RETRIEVALS; i++) retrieveNext();
      for (let current = underWay.shift(); current !== undefined; current = underWay.shift()) {
        const bytes = await current;
        retrieveNext();
        yield { bytes, file: null };
      }
    } finally {
      stop.abort();
    }
  }
}
