import dicomweb, { type DICOMwebClient } from "dicomweb-client";
import type { PacsConfig } from "../config.ts";
import { type DicomJson, firstNumber, firstText } from "../dicom/dicom-json.ts";
import { type ErrorCode, VigilError } from "../errors.ts";
import { pacsHeaders } from "../pacs-credentials.ts";
import { FetchRequest, type FetchRequestOptions } from "./fetch-request.ts";
import { BYTES_PER_MIB, type RequestGate } from "./http.ts";
import { type Page, queryPages, readMatches } from "./query-pages.ts";
import { type InstancePath, retrieveInstance } from "./retrieve-instance.ts";
import { storedInstances, uidsOf } from "./store-response.ts";
import { readStudyMetadata, type StudyMetadata } from "./study-metadata.ts";
import { type StudySummary, studySummary } from "./study-summary.ts";

const STUDY_INSTANCE_UID = "0020000D";
const SERIES_INSTANCE_UID = "0020000E";
const SOP_INSTANCE_UID = "00080018";
const NUMBER_OF_SERIES_RELATED_INSTANCES = "00201209";
/**
 * What we want to know of a study beyond what every PACS returns: Study Description, Issuer of Patient ID, Requested
 * Procedure Priority, Current Patient Location.
 */
const FURTHER_STUDY_ATTRIBUTES = "00081030,00100021,00401003,00380300";
/** Of the studies of any date, to look for undated ones among them. */
const UNDATED_LIMIT = 200;
const DICOM_JSON = "application/dicom+json";

export interface StudyFilter {
  modality?: string;
  /** YYYYMMDD: studies of this day and later. */
  studyDateFrom?: string;
}

/** Number of Study and of Series Related Instances, by Series Instance UID, as far as the PACS tells. */
export interface InstanceCounts {
  study: number | null;
  series: Map<string, number>;
}

type Query = Record<string, string | number>;

/**
 * A PACS over DICOMweb (PS3.18). Every method throws a VigilError: pacs-unreachable, pacs-timeout, pacs-busy,
 * pacs-unauthorized, pacs-refused, pacs-answer-invalid, pacs-answer-too-large, study-not-in-pacs, or interrupted by
 * its signal.
 */
export class Pacs {
  readonly name: string;
  readonly config: PacsConfig;
  readonly #url: string;
  readonly #client: DICOMwebClient;
  readonly #gate: RequestGate | undefined;

  /** @param gate holds back requests; without one each is sent at once */
  constructor(config: PacsConfig, gate?: RequestGate) {
    this.#gate = gate;
    this.name = config.name;
    this.config = config;
    this.#url = config.dicomweb;
    this.#client = new dicomweb.api.DICOMwebClient({ url: this.#url, verbose: false });
  }

  /** Asks for one study, to see whether the PACS answers. */
  async ping(signal?: AbortSignal): Promise<void> {
    await this.#queryStudies({ limit: 1 }, signal);
  }

  /**
   * QIDO-RS for studies, all pages. Attributes beyond the ones every PACS returns are left empty.
   * @param say is told of what could not be looked at
   */
  async searchStudies(
    filter: StudyFilter,
    signal?: AbortSignal,
    say: (message: string) => void = () => {},
  ): Promise<StudySummary[]> {
    const query: Query = {};
    if (filter.modality !== undefined) query.ModalitiesInStudy = filter.modality;
    if (filter.studyDateFrom !== undefined) query.StudyDate = `${filter.studyDateFrom}-`;
    const found: StudySummary[] = [];
    for await (const study of this.findStudies(query, signal, say)) found.push(study);
    return found;
  }

  /** The same by any attributes, by keyword, as PS3.18 8.3.4 has it; page by page. */
  async *findStudies(
    query: Query,
    signal?: AbortSignal,
    say: (message: string) => void = () => {},
  ): AsyncGenerator<StudySummary> {
    const ask = (page: Page) => this.#queryStudies({ ...query, ...page }, signal);
    for await (const match of queryPages(ask, STUDY_INSTANCE_UID, say)) {
      const summary = studySummary(match);
      if (summary !== undefined) yield summary;
      else say("the PACS holds a study whose Study Instance UID cannot be used: it is not looked at");
    }
  }

  /**
   * CT studies without a Study Date, which no search by date finds, among the first ones that the PACS names: one page,
   * since nothing narrows such a search down.
   */
  async undatedStudies(signal?: AbortSignal): Promise<StudySummary[]> {
    const matches = await this.#queryStudies({ ModalitiesInStudy: "CT", limit: UNDATED_LIMIT }, signal);
    return matches
      .flatMap((match) => studySummary(match) ?? [])
      .filter(({ attributes }) => attributes.studyDate === "");
  }

  /** One study with all its attributes; undefined when the PACS does not hold it. */
  async findStudy(studyInstanceUid: string, signal?: AbortSignal): Promise<StudySummary | undefined> {
    const query = { StudyInstanceUID: studyInstanceUid, includefield: FURTHER_STUDY_ATTRIBUTES };
    const ask = (page: Page) => this.#queryStudies({ ...query, ...page }, signal);
    const match = await firstMatch(ask, STUDY_INSTANCE_UID, studyInstanceUid);
    return match && studySummary(match);
  }

  /** How many instances a study has by QIDO-RS; a PACS that does not tell is no error. */
  async countInstances(studyInstanceUid: string, signal?: AbortSignal): Promise<InstanceCounts> {
    const counts: InstanceCounts = { study: null, series: new Map() };
    const query = { includefield: NUMBER_OF_SERIES_RELATED_INSTANCES };
    const ask = (page: Page) => this.#queryStudy("searchForSeries", studyInstanceUid, { ...query, ...page }, signal);
    try {
      counts.study = (await this.findStudy(studyInstanceUid, signal))?.instances ?? null;
      for await (const match of queryPages(ask, SERIES_INSTANCE_UID, () => {})) {
        const count = firstNumber(match, NUMBER_OF_SERIES_RELATED_INSTANCES);
        if (count !== null) counts.series.set(firstText(match, SERIES_INSTANCE_UID), count);
      }
    } catch (error) {
      if (!hasCode(error, "pacs-refused")) throw error;
    }
    return counts;
  }

  /** The headers of all instances of a study (WADO-RS metadata), with a warning where some cannot be read. */
  async studyHeaders(studyInstanceUid: string, signal?: AbortSignal): Promise<StudyMetadata> {
    const metadata = await this.#call({ signal }, (request) =>
      this.#client.retrieveStudyMetadata({ studyInstanceUID: studyInstanceUid, request }),
    );
    return readStudyMetadata(studyInstanceUid, metadata);
  }

  /** A Part 10 file, as it is stored. @throws also VigilError study-incomplete, see retrieveInstance */
  retrieveInstance(path: InstancePath, signal?: AbortSignal): Promise<Uint8Array> {
    return retrieveInstance(this.config, path, signal, this.#gate);
  }

  async hasInstance(studyInstanceUid: string, sopInstanceUid: string, signal?: AbortSignal): Promise<boolean> {
    const query = { SOPInstanceUID: sopInstanceUid };
    const ask = (page: Page) => this.#queryStudy("searchForInstances", studyInstanceUid, { ...query, ...page }, signal);
    return (await firstMatch(ask, SOP_INSTANCE_UID, sopInstanceUid)) !== undefined;
  }

  /**
   * STOW-RS. Storing the same instances again changes nothing and succeeds. A PACS whose answer does not say of an
   * instance that it is stored (no body, XML, an empty list) is asked whether it holds it.
   */
  async store(files: Uint8Array[], signal?: AbortSignal): Promise<void> {
    // A copy: `buffer` may be larger than the file, and `slice()` of a Buffer shares it.
    const datasets = files.map((file) => new Uint8Array(file).buffer);
    const response = await this.#call({ signal, headers: { accept: DICOM_JSON }, alsoAnswers: 409 }, (request) =>
      this.#client.storeInstances({ datasets, request }),
    );
    const stored = storedInstances(response);
    for (const { studyInstanceUid, sopInstanceUid } of files.map(uidsOf)) {
      if (stored.has(sopInstanceUid)) continue;
      if (await this.hasInstance(studyInstanceUid, sopInstanceUid, signal)) continue;
      const message = `the PACS does not say that it stored ${sopInstanceUid}, and does not hold it`;
      throw new VigilError("pacs-answer-invalid", message);
    }
  }

  async #queryStudies(queryParams: Query, signal: AbortSignal | undefined): Promise<DicomJson[]> {
    const found = await this.#call({ signal }, (request) =>
      this.#client.searchForStudies({ queryParams, request }),
    ).catch((error) => {
      if (!hasCode(error, "study-not-in-pacs")) throw error;
      const message = `${this.#url}/studies is not there: is this the DICOMweb root of the PACS?`;
      throw new VigilError("pacs-refused", message, { cause: error });
    });
    return readMatches(found);
  }

  /** Series or instances of a study; none where the PACS does not hold it. */
  async #queryStudy(
    search: "searchForSeries" | "searchForInstances",
    studyInstanceUID: string,
    queryParams: Query,
    signal: AbortSignal | undefined,
  ): Promise<DicomJson[]> {
    const found = await this.#call({ signal }, (request) =>
      this.#client[search]({ studyInstanceUID, queryParams, request }),
    ).catch((error) => {
      if (hasCode(error, "study-not-in-pacs")) return [];
      throw error;
    });
    return readMatches(found);
  }

  async #call(
    options: Partial<FetchRequestOptions>,
    send: (request: { instance: FetchRequest }) => Promise<unknown>,
  ): Promise<unknown> {
    const instance = new FetchRequest({
      ...options,
      gate: this.#gate,
      headers: { ...pacsHeaders(this.config), ...options.headers },
      timeoutMs: this.config.timeoutS * 1000,
      maxBytes: this.config.maxAnswerMiB * BYTES_PER_MIB,
    });
    return Promise.race([send({ instance }), instance.failed]);
  }
}

/** Not every PACS can match every attribute; then it is for us to do. */
async function firstMatch(
  ask: (page: Page) => Promise<DicomJson[]>,
  uidTag: string,
  uid: string,
): Promise<DicomJson | undefined> {
  for await (const match of queryPages(ask, uidTag, () => {})) {
    if (firstText(match, uidTag) === uid) return match;
  }
  return undefined;
}

function hasCode(error: unknown, code: ErrorCode): boolean {
  return error instanceof VigilError && error.code === code;
}
