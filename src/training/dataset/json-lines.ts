import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { z } from "zod";
import { VigilError } from "../../errors.ts";

/**
 * The lines of a JSON Lines file, checked one by one, so that any number fits.
 * @throws VigilError dataset-invalid, naming file and line; not-found
 */
export async function* readJsonLines<T>(file: string, schema: z.ZodType<T>): AsyncGenerator<T> {
  const input = createReadStream(file);
  const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
  let number = 0;
  try {
    for await (const line of lines) {
      number++;
      if (line !== "") yield parsed(line, schema, `${file}, line ${number}`);
    }
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT")
      throw new VigilError("not-found", `${file} does not exist`, { cause: error });
    throw error;
  } finally {
    input.destroy();
  }
}

function parsed<T>(line: string, schema: z.ZodType<T>, where: string): T {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw new VigilError("dataset-invalid", `${where} is not JSON: was the file cut off? Make the data set again`, {
      cause,
    });
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new VigilError("dataset-invalid", `${where}: ${z.prettifyError(result.error).replaceAll("\n", " ")}`);
}

export function jsonLine(value: unknown): string {
  return `${JSON.stringify(value)}\n`;
}
