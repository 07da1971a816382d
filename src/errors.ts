/**
 * How a caller should react: try again later (`transient`), give up (`permanent`), or find out first whether the
 * thing has been done after all (`ambiguous`: the answer got lost, writing again must be idempotent).
 */
export type ErrorKind = "transient" | "permanent" | "ambiguous";

interface CatalogueEntry {
  kind: ErrorKind;
  /** HTTP status when the error reaches the API. */
  status: number;
  title: string;
}

/** Every error Vigil raises by itself. A code is stable: it is stored, shown, counted and documented. */
const CATALOGUE = {
  "config-invalid": { kind: "permanent", status: 500, title: "The configuration is not valid" },
  "usage-invalid": { kind: "permanent", status: 400, title: "The command was not used as intended" },
  "request-invalid": { kind: "permanent", status: 400, title: "The request is not valid" },
  "not-found": { kind: "permanent", status: 404, title: "There is no such thing" },
  "method-not-allowed": { kind: "permanent", status: 405, title: "This route does not take this method" },
  "body-too-large": { kind: "permanent", status: 413, title: "The request body is too large" },
  "host-refused": { kind: "permanent", status: 403, title: "Vigil is not served under this name" },
  "origin-refused": { kind: "permanent", status: 403, title: "Another site may not change anything here" },
  "too-many-requests": { kind: "transient", status: 429, title: "There are too many requests" },
  "too-many-streams": { kind: "transient", status: 503, title: "Too many event streams are open" },
  "hook-unauthorized": { kind: "permanent", status: 401, title: "The hook secret is missing or wrong" },
  "pacs-unreachable": { kind: "transient", status: 502, title: "The PACS cannot be reached" },
  "pacs-timeout": { kind: "ambiguous", status: 504, title: "The PACS did not answer in time" },
  "pacs-busy": { kind: "transient", status: 503, title: "The PACS asks to come back later" },
  "pacs-unauthorized": { kind: "permanent", status: 502, title: "The PACS refuses our credentials" },
  "pacs-refused": { kind: "permanent", status: 502, title: "The PACS refuses the request" },
  "pacs-answer-invalid": { kind: "transient", status: 502, title: "The PACS answered something unreadable" },
  "pacs-answer-too-large": { kind: "permanent", status: 502, title: "The PACS answered more than is read" },
  "study-not-in-pacs": { kind: "permanent", status: 404, title: "The PACS does not hold this study" },
  "instance-not-in-pacs": { kind: "permanent", status: 404, title: "The PACS does not hold this image" },
  "study-incomplete": { kind: "transient", status: 409, title: "The study is still growing" },
  "dicom-unreadable": { kind: "permanent", status: 422, title: "The file is not readable DICOM" },
  "pixels-unsupported": { kind: "permanent", status: 422, title: "The pixel data cannot be decoded" },
  "values-not-hu": { kind: "permanent", status: 422, title: "The pixel values are not Hounsfield units" },
  "series-unusable": { kind: "permanent", status: 422, title: "The geometry of the series cannot be used" },
  "report-invalid": { kind: "permanent", status: 500, title: "The report cannot be written" },
  "model-not-found": { kind: "permanent", status: 404, title: "There is no such model" },
  "model-invalid": { kind: "permanent", status: 422, title: "The model package is not valid" },
  "onnx-invalid": { kind: "permanent", status: 422, title: "The ONNX file cannot be used" },
  "provider-unavailable": { kind: "permanent", status: 500, title: "The execution provider is not available" },
  "inference-failed": { kind: "transient", status: 500, title: "The model could not be run" },
  "dataset-invalid": { kind: "permanent", status: 422, title: "The data set is not valid" },
  "dataset-not-written": { kind: "permanent", status: 507, title: "The data set cannot be written" },
  "table-invalid": { kind: "permanent", status: 422, title: "A table is not as expected" },
  "split-unbalanced": { kind: "permanent", status: 422, title: "The data set cannot be divided evenly" },
  "service-unreachable": { kind: "transient", status: 502, title: "The Vigil service cannot be reached" },
  "split-missing": { kind: "permanent", status: 409, title: "The data set has no split that fits it" },
  "prepare-incomplete": { kind: "permanent", status: 409, title: "Parts of the prepared images are missing" },
  "data-not-private": { kind: "permanent", status: 500, title: "Other users can read the data folder" },
  "result-unreadable": { kind: "permanent", status: 500, title: "A stored result cannot be read" },
  "database-unavailable": { kind: "transient", status: 503, title: "The database cannot be reached" },
  "training-not-set-up": { kind: "permanent", status: 500, title: "Training is not set up on this machine" },
  "setup-failed": { kind: "permanent", status: 500, title: "Something needed could not be installed" },
  interrupted: { kind: "transient", status: 503, title: "The work was interrupted" },
  internal: { kind: "transient", status: 500, title: "Something unexpected went wrong" },
} as const satisfies Record<string, CatalogueEntry>;

export type ErrorCode = keyof typeof CATALOGUE;

export const ERROR_CODES = Object.keys(CATALOGUE) as ErrorCode[];

/**
 * The one error class. `message` says what is wrong, where, and what to do; it is shown to people and written to
 * logs, so it carries no patient data (UIDs are allowed).
 */
export class VigilError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "VigilError";
    this.code = code;
  }

  get kind(): ErrorKind {
    return CATALOGUE[this.code].kind;
  }

  get status(): number {
    return CATALOGUE[this.code].status;
  }

  get title(): string {
    return CATALOGUE[this.code].title;
  }
}

/** Makes a VigilError of whatever was thrown; what is not ours becomes `internal` with the original as its cause. */
export function toVigilError(error: unknown): VigilError {
  if (error instanceof VigilError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new VigilError("internal", message, { cause: error });
}
