import { encodeText } from "./character-encoder.ts";
import { needlesOf } from "./planted-people.ts";

const CHARACTER_SETS = ["ISO_IR 100", "ISO_IR 126", "ISO_IR 127", "ISO 2022 IR 87", "ISO 2022 IR 149", "ISO_IR 192"];

/** The forms in which a value may stand in bytes: character sets, UTF-16, base64 at any offset, either case. */
export function tracesOf(value: string): Buffer[] {
  const spellings = needlesOf(value).flatMap((needle) => [needle, needle.toUpperCase(), needle.toLowerCase()]);
  const traces = spellings.flatMap((needle) => {
    const utf8 = Buffer.from(needle);
    return [
      utf8,
      Buffer.from(needle, "utf16le"),
      Buffer.from(needle, "utf16le").swap16(),
      ...CHARACTER_SETS.map((set) => encodeText(needle, set)).filter((bytes) => !bytes.includes(0x3f)),
      ...[0, 1, 2].map((offset) => base64At(utf8, offset)),
    ];
  });
  const long = traces.filter((trace) => trace.length >= 5);
  return [...new Map(long.map((trace) => [trace.toString("hex"), trace])).values()];
}

/** The characters that base64 makes of these bytes whatever stands before and behind them. */
function base64At(bytes: Uint8Array, offset: number): Buffer {
  const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString("base64");
  const whole = Math.floor(((offset + bytes.length) * 8) / 6);
  return Buffer.from(text.slice(Math.ceil((offset * 8) / 6), whole));
}
