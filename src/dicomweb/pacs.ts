import dicomweb, { type DICOMwebClient } from "dicomweb-client";
import { z } from "zod";
import type { PacsConfig } from "../config.ts";
import { type DicomJson, dicomJsonSchema } from "../dicom/dicom-json.ts";
import { headersFromMetadata } from "../dicom/header.ts";
import type { InstanceHeader } from "../dicom/source.ts";
import { VigilError } from "../errors.ts";
import { pacsHeaders } from "../pacs-credentials.ts";
import { FetchRequest, type FetchRequestOptions } from "./fetch-request.ts";
import { assertStored } from "./store-response.ts";
import { type StudySummary, studySummary } from "./study-summary.ts";

const QIDO_PAGE_SIZE = 200;
/** What we want to know of a study beyond what every PACS returns: Study Description, Issuer of Patient ID. */
const FURTHER_STUDY_ATTRIBUTES = "00081030,00100021";
const DICOM_JSON = "application/dicom+json";

export interface StudyFilter {
  modality?: string;
  /** YYYYMMDD: studies of this day and later. */
  studyDateFrom?: string;
}

/** The names of one instance, from the outside in. */
export interface InstancePath {
  studyInstanceUid: string;
  seriesInstanceUid: string;
  sopInstanceUid: string;
}

/**
 * A PACS over DICOMweb (PS3.18). Every method throws a VigilError: pacs-unreachable, pacs-timeout, pacs-busy,
 * pacs-unauthorized, pacs-refused, pacs-answer-invalid, study-not-in-pacs, or interrupted by its signal.
 */
export class Pacs {
  readonly name: string;
  readonly config: PacsConfig;
  readonly #client: DICOMwebClient;

  constructor(config: PacsConfig) {
    this.name = config.name;
    this.config = config;
    this.#client = new dicomweb.api.DICOMwebClient({ url: config.dicomweb, verbose: false });
  }

  /** Asks for one study, to see whether the PACS answers. */
  async ping(signal?: AbortSignal): Promise<void> {
    await this.#query({ limit: 1 }, signal);
  }

  /** QIDO-RS for studies, all pages. Attributes beyond the ones every PACS returns are left empty. */
  async searchStudies(filter: StudyFilter, signal?: AbortSignal): Promise<StudySummary[]> {
    const found = new Map<string, StudySummary>();
    for (let offset = 0; ; offset += QIDO_PAGE_SIZE) {
      const query: Record<string, string | number> = { limit: QIDO_PAGE_SIZE, offset };
      if (filter.modality !== undefined) query.ModalitiesInStudy = filter.modality;
      if (filter.studyDateFrom !== undefined) query.StudyDate = `${filter.studyDateFrom}-`;
      const page = await this.#query(query, signal);
      const before = found.size;
      for (const study of page) found.set(study.attributes.studyInstanceUid, study);
      // The second condition ends the search in a PACS that does not know `offset`.
      if (page.length < QIDO_PAGE_SIZE || found.size === before) return [...found.values()];
    }
  }

  /** One study with all its attributes; undefined when the PACS does not hold it. */
  async findStudy(studyInstanceUid: string, signal?: AbortSignal): Promise<StudySummary | undefined> {
    const query = { StudyInstanceUID: studyInstanceUid, includefield: FURTHER_STUDY_ATTRIBUTES };
    const [study] = await this.#query(query, signal);
    return study;
  }

  /** The headers of all instances of a study (WADO-RS metadata). */
  async studyHeaders(studyInstanceUid: string, signal?: AbortSignal): Promise<InstanceHeader[]> {
    const metadata = await this.#call({ signal }, (request) =>
      this.#client.retrieveStudyMetadata({ studyInstanceUID: studyInstanceUid, request }),
    );
    return parseDatasets(metadata).flatMap((dataset) => headersFromMetadata(dataset));
  }

  /** A Part 10 file in explicit VR little endian, which is what a PACS sends unless asked for more (PS3.18 8.7.3.5.2). */
  async retrieveInstance(path: InstancePath, signal?: AbortSignal): Promise<Uint8Array> {
    const file = await this.#call({ signal }, (request) =>
      this.#client.retrieveInstance({
        studyInstanceUID: path.studyInstanceUid,
        seriesInstanceUID: path.seriesInstanceUid,
        sopInstanceUID: path.sopInstanceUid,
        request,
      }),
    );
    if (!(file instanceof ArrayBuffer)) {
      throw new VigilError("pacs-answer-invalid", `the PACS sent no file for instance ${path.sopInstanceUid}`);
    }
    return new Uint8Array(file);
  }

  async hasInstance(studyInstanceUid: string, sopInstanceUid: string, signal?: AbortSignal): Promise<boolean> {
    const found = await this.#call({ signal }, (request) =>
      this.#client.searchForInstances({
        studyInstanceUID: studyInstanceUid,
        queryParams: { SOPInstanceUID: sopInstanceUid },
        request,
      }),
    ).catch((error) => {
      if (error instanceof VigilError && error.code === "study-not-in-pacs") return [];
      throw error;
    });
    return parseDatasets(found).length > 0;
  }

  /** STOW-RS. Storing the same instances again changes nothing and succeeds. */
  async store(files: Uint8Array[], signal?: AbortSignal): Promise<void> {
    // A Buffer, which PostgreSQL's driver gives, shares its memory with others, and its slice() is no copy.
    const datasets = files.map((file) => Uint8Array.from(file).buffer);
    const response = await this.#call({ signal, headers: { accept: DICOM_JSON }, alsoAnswers: 409 }, (request) =>
      this.#client.storeInstances({ datasets, request }),
    );
    assertStored(response);
  }

  async #query(queryParams: Record<string, string | number>, signal: AbortSignal | undefined): Promise<StudySummary[]> {
    const found = await this.#call({ signal }, (request) =>
      this.#client.searchForStudies({ queryParams, request }),
    ).catch((error) => {
      if (!(error instanceof VigilError) || error.code !== "study-not-in-pacs") throw error;
      const message = `${this.config.dicomweb}/studies is not there: is this the DICOMweb root of the PACS?`;
      throw new VigilError("pacs-refused", message, { cause: error });
    });
    return parseDatasets(found)
      .map(studySummary)
      .filter((study) => study !== undefined);
  }

  async #call(
    options: Partial<FetchRequestOptions>,
    send: (request: { instance: FetchRequest }) => Promise<unknown>,
  ): Promise<unknown> {
    const instance = new FetchRequest({
      ...options,
      headers: { ...pacsHeaders(this.config), ...options.headers },
      timeoutMs: this.config.timeoutS * 1000,
    });
    return Promise.race([send({ instance }), instance.failed]);
  }
}

function parseDatasets(answer: unknown): DicomJson[] {
  const parsed = z.array(dicomJsonSchema).safeParse(answer);
  if (parsed.success) return parsed.data;
  throw new VigilError("pacs-answer-invalid", "the PACS answered with something that is not DICOM JSON");
}
