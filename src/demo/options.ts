import { parseArgs } from "node:util";
import { VigilError } from "../errors.ts";

export interface DemoOptions {
  exit: boolean;
  json: boolean;
  phantom: boolean;
  help: boolean;
  /** Folders with studies of one's own. */
  dicom: string[];
}

export const DEMO_HELP = `Usage: npm run demo [-- --dicom DIR] [-- --exit] [-- --json] [-- --phantom]

Shows Vigil's whole work on this machine: an Orthanc of its own receives CT studies, Vigil finds, scores and reports
them, and OHIF shows the result. There is one study in each state: a head, the same head with a drawn haemorrhage, a
chest, a head with slices missing, one that is deleted from the PACS before it can be read, and one that is still
arriving (for two minutes or so; then it is read). Nothing leaves this machine and nothing that runs here already is
touched. Ctrl-C ends it, stops everything it started and deletes what it stored.

  --dicom DIR  the studies in this folder too; may be given several times
  --exit       end by itself once every study has its result; exit code 0 only if all are as expected
  --json       print one JSON object on stdout (npm adds its own lines there: npm run -s keeps it to itself)
  --phantom    use a generated head instead of the real one from Debian's invesalius-examples
  --help       this text

Examples:
  npm run demo
  npm run demo -- --dicom ~/studies --dicom /media/cdrom
  npm run -s demo -- --exit --json

Exit code: 0 all is as expected, 1 something is not, 2 wrong use.
`;

/** @throws VigilError usage-invalid */
export function demoOptions(args: string[]): DemoOptions {
  try {
    const { values } = parseArgs({
      args,
      options: {
        exit: { type: "boolean", default: false },
        json: { type: "boolean", default: false },
        phantom: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
        dicom: { type: "string", multiple: true, default: [] },
      },
    });
    return values;
  } catch (cause) {
    throw new VigilError("usage-invalid", `${(cause as Error).message}\n\n${DEMO_HELP}`, { cause });
  }
}
