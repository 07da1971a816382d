import path from "node:path";
import { colour } from "../cli/print.ts";
import type { RunningOrthanc } from "../setup/orthanc.ts";

/** Where everything is that the demo has started, and what it is for; on stderr. */
export function tellAddresses(vigilUrl: string, orthanc: RunningOrthanc, logFile: string): void {
  const { stderr } = process;
  const lines: [string, string, string][] = [
    ["Viewer", vigilUrl, "the study list, and OHIF with the findings: open this one"],
    ["API", `${vigilUrl}/api/worklist`, "what Vigil knows, as JSON; all of it: /api/openapi.json"],
    ["Orthanc", `${orthanc.url}/app/explorer.html`, "the PACS: images, and the reports that came back"],
    ["DICOMweb", orthanc.dicomweb, "to send it more studies (STOW-RS)"],
    ["Log", path.relative(process.cwd(), logFile), "of Vigil, until the demo ends"],
  ];
  for (const [name, address, purpose] of lines) {
    stderr.write(`  ${colour("bold", name.padEnd(9), stderr)} ${address}\n`);
    stderr.write(`  ${" ".repeat(9)} ${colour("grey", purpose, stderr)}\n`);
  }
}
