import { existsSync, readFileSync } from "node:fs";
import { LineCounter, parseDocument, type ErrorCode as YamlErrorCode } from "yaml";
import { VigilError } from "./errors.ts";

/** Our own words for the parser's codes: its messages quote the file, which holds passwords. */
const FAULTS: Partial<Record<YamlErrorCode, string>> = {
  BAD_ALIAS: "an alias (*) that names nothing; put a text that begins with * in quotes",
  BAD_DQ_ESCAPE: "a backslash in double quotes that stands for nothing; use single quotes",
  BAD_INDENT: "the indentation does not fit the lines above",
  BAD_SCALAR_START: "a text that begins with a reserved character; put it in quotes",
  BLOCK_AS_IMPLICIT_KEY: "a second key on one line, or a text with a colon in it; put the text in quotes",
  DUPLICATE_KEY: "the same key twice",
  MISSING_CHAR: "something is not closed, or a colon or blank is missing",
  MULTILINE_IMPLICIT_KEY: "a key over several lines, or a colon is missing",
  MULTIPLE_DOCS: "more than one document (---)",
  TAB_AS_INDENT: "a tab in the indentation; use blanks",
  TAG_RESOLVE_FAILED: "a tag (!) that is not known; put a text that begins with ! in quotes",
  UNEXPECTED_TOKEN: "something that does not belong there",
};

/**
 * The settings in a YAML file; none where there is no file.
 * @throws VigilError config-invalid that says where and what is wrong, and repeats nothing of the file
 */
export function readConfigFile(file: string, required: boolean): Record<string, unknown> {
  if (!existsSync(file)) {
    if (required) throw new VigilError("config-invalid", `there is no configuration file ${file}`);
    return {};
  }
  const content = parseYaml(file);
  if (content === null || content === undefined) return {};
  if (typeof content !== "object" || Array.isArray(content)) {
    throw new VigilError("config-invalid", `${file} must hold settings by name, such as "pacs:" and "server:"`);
  }
  return content as Record<string, unknown>;
}

function parseYaml(file: string): unknown {
  const lineCounter = new LineCounter();
  const document = parseDocument(readFileSync(file, "utf8"), { lineCounter, prettyErrors: false, logLevel: "error" });
  const [fault] = [...document.errors, ...document.warnings];
  if (fault !== undefined) {
    const { line, col } = lineCounter.linePos(fault.pos[0]);
    const what = FAULTS[fault.code] ?? fault.code;
    throw new VigilError("config-invalid", `${file} is not YAML: line ${line}, column ${col}: ${what}`);
  }
  try {
    return document.toJS();
  } catch {
    // Too many aliases. The parser's own error may name one, so it is no cause either: causes are logged.
    throw new VigilError("config-invalid", `${file} is not YAML: its aliases (*) cannot be resolved`);
  }
}
