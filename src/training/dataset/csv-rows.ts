import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { type Options, parse } from "csv-parse";
import { stringify } from "csv-stringify/sync";
import type { z } from "zod";
import { VigilError } from "../../errors.ts";

/** A row by the names of its columns, and its line in the file, for messages. */
export interface CsvRow {
  line: number;
  cells: Record<string, string>;
}

/**
 * The rows of a CSV file with a header, as they come, so that any number fits. A byte order mark, CRLF and quotes are taken,
 * and a file whose name ends in .gz.
 * @param required the columns that must be there; others are passed on
 * @throws VigilError table-invalid, naming file, line and what was expected; not-found
 */
export function readCsv(file: string, required: readonly string[]): AsyncGenerator<CsvRow> {
  return parsedLines(file, { columns: (header: string[]) => checkedHeader(file, header, required) });
}

/**
 * The lines of a CSV file, the first one like the others.
 * @throws VigilError table-invalid, not-found
 */
export function readCsvLines(file: string): AsyncGenerator<{ line: number; cells: string[] }> {
  return parsedLines(file, {});
}

async function* parsedLines<Cells>(file: string, options: Options): AsyncGenerator<{ line: number; cells: Cells }> {
  const input = createReadStream(file);
  const parser = parse({ bom: true, skip_empty_lines: true, trim: true, info: true, ...options });
  const failed = (file.endsWith(".gz") ? pipeline(input, createGunzip(), parser) : pipeline(input, parser)).catch(
    () => undefined,
  );
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: Cells; info: { lines: number } }>) {
      yield { line: info.lines, cells: record };
    }
  } catch (error) {
    throw csvError(file, error);
  } finally {
    input.destroy();
    await failed;
  }
}

function checkedHeader(file: string, header: string[], required: readonly string[]): string[] {
  const missing = required.filter((column) => !header.includes(column));
  if (missing.length === 0) return header;
  const found = header.map((column) => `"${column}"`).join(", ");
  throw new VigilError(
    "table-invalid",
    `${file} has no column "${missing.join('", "')}" in its first line (it has ${found})`,
  );
}

function csvError(file: string, error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof VigilError) return error;
  const code = "code" in error ? String(error.code) : "";
  if (code === "ENOENT") return new VigilError("not-found", `${file} does not exist`, { cause: error });
  if (code.startsWith("Z_")) return new VigilError("table-invalid", `${file} is no whole gzip file`, { cause: error });
  if (!code.startsWith("CSV_")) return error;
  return new VigilError("table-invalid", `${file} is not a CSV file: ${error.message}`, { cause: error });
}

/**
 * One row as its schema has it.
 * @throws VigilError table-invalid, naming file, line and column
 */
export function checkedRow<T>(file: string, { line, cells }: CsvRow, schema: z.ZodType<T>): T {
  const result = schema.safeParse(cells);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const column = issue?.path.join(".") ?? "";
  throw new VigilError("table-invalid", `${file}, line ${line}, column "${column}": ${issue?.message}`);
}

/** One line of CSV. */
export function csvLine(cells: readonly (string | number | null)[]): string {
  return stringify([cells]);
}
