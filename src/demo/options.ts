import { parseArgs } from "node:util";
import { VigilError } from "../errors.ts";

export interface DemoOptions {
  exit: boolean;
  json: boolean;
  phantom: boolean;
  help: boolean;
}

export const DEMO_HELP = `Usage: npm run demo [-- --exit] [-- --json] [-- --phantom]

Shows Vigil's whole work on this machine: an Orthanc of its own receives three CT studies (a head, the same head with a
drawn haemorrhage, a chest), Vigil finds, scores and reports them, and OHIF shows the result. Nothing leaves this machine
and nothing that runs here already is touched. Ctrl-C ends it and stops everything it started.

  --exit      end by itself once every study has its result; exit code 0 only if all are as expected
  --json      print one JSON object on stdout (npm adds its own lines there: npm run -s keeps it to itself)
  --phantom   use a generated head instead of the real one from Debian's invesalius-examples
  --help      this text
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
      },
    });
    return values;
  } catch (cause) {
    throw new VigilError("usage-invalid", `${(cause as Error).message}\n\n${DEMO_HELP}`, { cause });
  }
}
