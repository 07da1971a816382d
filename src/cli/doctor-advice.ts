import type { Config } from "../config.ts";
import { type ErrorCode, VigilError } from "../errors.ts";

/** What to do about an error, where that depends on the error alone. */
const BY_CODE: Partial<Record<ErrorCode, string>> = {
  "pacs-unreachable": "start the PACS, or set --pacs URL (VIGIL_PACS, `pacs:` in vigil.yaml) to where it listens",
  "pacs-timeout": "the PACS is slow or a firewall swallows the request: try the address from this machine with curl",
  "pacs-busy": "see the log of the PACS: it answers, but cannot search",
  "pacs-unauthorized": "set pacs[].username and pacs[].password, or pacs[].headers, in vigil.yaml",
  "pacs-refused":
    "set --pacs URL to the DICOMweb root: Orthanc's is http://HOST:8042/dicom-web, and needs its DICOMweb plugin",
  "pacs-answer-invalid": "something else than a DICOMweb server answers there: set --pacs URL to the DICOMweb root",
  "data-not-private": "it holds names of patients: let its owner alone read it, or set --data DIR to another folder",
  "model-not-found": "set --model to one that is known, or put its package into one of these folders",
  "model-invalid": "the package is damaged or incomplete: install it again, or set --model to another one",
  "provider-unavailable":
    "set --provider auto, which takes what runs here; docs/operations.md (GPU) says what CUDA needs",
};

/** What to do about a check that failed. */
export function adviceFor(check: string, error: VigilError, { database }: Config): string {
  switch (check) {
    case "node":
      return "run through `npm run vigil`, which fetches a Node that is new enough";
    case "disk":
      return "make room, or set --data DIR to another disk";
    case "viewer":
      return "npm run setup";
    case "address":
      return "stop what listens there, or take another port; for other machines put a proxy before it (docs/operations.md)";
    case "database":
      return databaseAdvice(error, database.url !== undefined);
    case "pacs":
      if (error.code === "config-invalid") return "give --pacs URL, VIGIL_PACS, or `pacs:` in vigil.yaml";
  }
  return BY_CODE[error.code] ?? "see the message; docs/operations.md tells the settings";
}

/** The lock on the embedded database has no code of its own. */
export function isHeldByAnother({ code, message }: VigilError): boolean {
  return code === "database-unavailable" && message.startsWith("another Vigil");
}

function databaseAdvice(error: VigilError, isPostgres: boolean): string {
  if (isPostgres) return "see that PostgreSQL runs, and that DATABASE_URL names a database that this user may change";
  if (error.code === "data-not-private") return BY_CODE[error.code]!;
  if (isHeldByAnother(error)) {
    return "it serves no API that could be asked: it is starting, is a worker, or another command; wait until it is done";
  }
  if (error.cause instanceof VigilError && isHeldByAnother(error.cause)) {
    return "it may be starting, or hang: wait a minute, else end that process and start it again";
  }
  return "the folder may be of another user, or damaged: move `database` in it away to begin anew, or restore a backup";
}
