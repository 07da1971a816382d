import { existsSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import type { RunningVigil } from "../app.ts";
import type { Config } from "../config.ts";
import type { TriageEvent } from "../contract/event.ts";
import { score, statusWords } from "../contract/words.ts";
import type { WorklistItem } from "../contract/worklist.ts";
import { OHIF_DIR } from "../installation.ts";
import { VERSION } from "../version.ts";
import { clip, clipMiddle, colour, columnsOf, printLine, toneText, wrap } from "./print.ts";
import { errorWords } from "./study-heading.ts";

const NAME_WIDTH = 8;
const STATUS_WIDTH = 38;
/** Of so many studies it is remembered what was said last. */
const MOST_REMEMBERED = 1000;

const logLineSchema = z.looseObject({
  level: z.string(),
  msg: z.string(),
  pacs: z.unknown().optional(),
  kind: z.unknown().optional(),
  studyInstanceUid: z.string().optional(),
});

type Line = z.infer<typeof logLineSchema>;

/** What `vigil serve` shows a person: addresses, then a line for each study, and below them what is being done. */
export class ServiceScreen {
  /** Study -> what was said of it last. */
  readonly #said = new Map<string, string>();
  readonly #open = new Map<string, WorklistItem>();
  #begun = false;

  /** For the log: what is worth telling becomes a line. */
  readonly log = { write: (json: string) => this.#tell(logLineSchema.parse(JSON.parse(json))) };

  starting(): void {
    this.#status("starting …");
  }

  show(vigil: RunningVigil, config: Config): void {
    this.clear();
    this.#begun = true;
    printLine(colour("bold", `Vigil ${VERSION}`) + colour("grey", " · research software, not a medical device"));
    for (const [name, what] of facts(vigil, config)) {
      printLine(`  ${colour("grey", name.padEnd(NAME_WIDTH))} ${wrap(what, NAME_WIDTH + 3)}`);
    }
    printLine(
      colour("grey", `  ${config.pacs.length > 0 ? "Studies appear below as they are read. " : ""}Ctrl-C stops.`),
    );
    printLine();
    vigil.subscribe((event) => this.#hear(event));
  }

  stopping(): void {
    this.#status("stopping: what is being read is taken up again at the next start …");
  }

  stopped(): void {
    this.clear();
    printLine("stopped");
  }

  clear(): void {
    this.#status("");
  }

  #hear(event: TriageEvent): void {
    if (event.type !== "study-updated") return;
    const { study } = event;
    const uid = study.studyInstanceUid;
    if (["received", "waiting", "scoring"].includes(study.state)) this.#open.set(uid, study);
    else {
      this.#open.delete(uid);
      this.#say(study);
    }
    this.#work();
  }

  /** A study that has been scored and then reported is told once. */
  #say(study: WorklistItem): void {
    const uid = study.studyInstanceUid;
    const words = statusWords(study);
    const said = `${words.text} ${study.probability}`;
    if (this.#said.get(uid) === said) return;
    this.#said.delete(uid);
    this.#said.set(uid, said);
    if (this.#said.size > MOST_REMEMBERED) this.#said.delete(this.#said.keys().next().value!);
    const width = Math.max(STATUS_WIDTH, columnsOf() - 64);
    const shown = { ...words, text: clip(words.text + errorWords(study), width - 2) };
    const points = study.probability === null ? "" : score(study.probability);
    const verdict = toneText(shown, process.stdout) + " ".repeat(width - shown.text.length - 2);
    const rest = columnsOf() - width - 18;
    this.#line(`${clock()}  ${verdict}  ${points.padStart(3)}  ${colour("grey", clipMiddle(uid, rest))}`);
  }

  #tell({ level, msg, pacs, kind, studyInstanceUid }: Line): void {
    const isProblem = ["warn", "error", "fatal"].includes(level);
    // Studies have lines of their own; what is said before the first line is said there.
    if (!isProblem && (!this.#begun || studyInstanceUid !== undefined || level !== "info" || pacs === undefined))
      return;
    const about = [pacs, kind].filter((it) => typeof it === "string" && it !== "").join(", ");
    const text = about === "" ? msg : `${msg} (${about})`;
    const mark = isProblem ? colour("yellow", "!") : colour("grey", "·");
    this.#line(`${clock()}  ${mark} ${wrap(text, 12)}`);
  }

  #line(text: string): void {
    this.clear();
    printLine(text);
    if (this.#begun) this.#work();
  }

  #work(): void {
    const open = [...this.#open.values()];
    const scoring = open.filter(({ state }) => state === "scoring");
    const waiting = open.length - scoring.length;
    const parts = scoring.map((study) => statusWords(study).text.toLowerCase());
    if (waiting > 0)
      parts.push(`${waiting} ${waiting === 1 ? "study waits" : "studies wait"} for images or their turn`);
    this.#status(parts.join(" · "));
  }

  #status(text: string): void {
    process.stdout.write(`\r\u001b[K${colour("grey", clip(text, columnsOf() - 1))}`);
  }
}

/** What it is, and where. */
function facts({ ready }: RunningVigil, config: Config): [string, string][] {
  const { url, model, provider } = ready;
  const pacs = config.pacs.map(({ name, dicomweb }) => `${name} at ${dicomweb}`).join(", ");
  const database = config.database.url === undefined ? "with the embedded database" : "the database is PostgreSQL";
  const lines: [string, string][] = [];
  if (url !== null) {
    lines.push(["Viewer", viewerWords(url, config)]);
    lines.push(["API", `${url}/api/openapi.json`]);
    if (config.server.hookSecret !== undefined) lines.push(["Hook", `${url}/api/hooks/orthanc`]);
  }
  lines.push(["PACS", pacs === "" ? "none: give --pacs URL, VIGIL_PACS, or `pacs:` in vigil.yaml" : pacs]);
  lines.push(["Model", model === null ? "none here: workers score" : `${model.name} ${model.version} on ${provider}`]);
  lines.push(["Data", `${path.resolve(config.data.dir)}, ${database}`]);
  return lines;
}

function viewerWords(url: string, { server }: Config): string {
  if (!server.viewer) return "switched off (server.viewer)";
  return existsSync(path.join(OHIF_DIR, "index.html")) ? url : `${url}, but OHIF is missing: npm run setup`;
}

function clock(): string {
  return new Date().toTimeString().slice(0, 8);
}
