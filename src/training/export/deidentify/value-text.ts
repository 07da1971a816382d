import type { TextReader } from "../../../dicom/character-set.ts";

/** Text that is one value, whatever is in it (PS3.5 6.2). */
const UNDIVIDED = new Set(["LT", "ST", "UT", "UR"]);

/** The values of a text, decoded, without padding. */
export function textsOf(bytes: Uint8Array, read: TextReader, vr = ""): string[] {
  const text = read(bytes);
  const values = UNDIVIDED.has(vr) ? [text] : text.split("\\");
  return values.map((value) =>
    value
      .replaceAll("\0", "")
      .replace(/ +$/, "")
      .replace(vr === "" || !UNDIVIDED.has(vr) ? /^ +/ : /^$/, ""),
  );
}

/** As UTF-8, padded to an even length. */
export function bytesOfTexts(values: readonly string[], vr: string): Uint8Array {
  const bytes = Buffer.from(values.join("\\"));
  return bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, Buffer.from(vr === "UI" ? "\0" : " ")]);
}
