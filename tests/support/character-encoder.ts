/** Text in the character sets of old scanners: what TextDecoder reads, turned round. */

const tables = new Map<string, Map<string, number[]>>();

function tableOf(encoding: string): Map<string, number[]> {
  const known = tables.get(encoding);
  if (known !== undefined) return known;
  const decoder = new TextDecoder(encoding);
  const table = new Map<string, number[]>();
  const add = (...bytes: number[]) => {
    const text = decoder.decode(Uint8Array.from(bytes));
    if ([...text].length === 1 && text !== "\ufffd" && !table.has(text)) table.set(text, bytes);
  };
  for (let byte = 0; byte < 256; byte++) add(byte);
  if (encoding.startsWith("euc"))
    for (let lead = 0xa1; lead < 0xff; lead++) for (let trail = 0xa1; trail < 0xff; trail++) add(lead, trail);
  tables.set(encoding, table);
  return table;
}

function encoded(text: string, encoding: string): number[] {
  return [...text].flatMap((character) => tableOf(encoding).get(character) ?? [0x3f]);
}

const SINGLE: Record<string, string> = {
  "ISO_IR 6": "iso-8859-1",
  "ISO_IR 100": "iso-8859-1",
  "ISO_IR 126": "iso-8859-7",
  "ISO_IR 127": "iso-8859-6",
};

/** As DICOM writes it (PS3.5 6.1.2): with escapes where the set has them. */
export function encodeText(text: string, characterSet: string): Buffer {
  if (characterSet.includes("192")) return Buffer.from(text);
  if (characterSet.includes("IR 87")) return Buffer.from(runs(text, /[^\0-\x7f]+/gu, japanese));
  if (characterSet.includes("IR 149"))
    return Buffer.from(runs(text, /[^\0-\x7f]+/gu, (run) => [0x1b, 0x24, 0x29, 0x43, ...encoded(run, "euc-kr")]));
  return Buffer.from(encoded(text, SINGLE[characterSet] ?? "iso-8859-1"));
}

function japanese(run: string): number[] {
  return [0x1b, 0x24, 0x42, ...encoded(run, "euc-jp").map((byte) => byte & 0x7f), 0x1b, 0x28, 0x42];
}

function runs(text: string, foreign: RegExp, encode: (run: string) => number[]): number[] {
  const bytes: number[] = [];
  let at = 0;
  for (const match of text.matchAll(foreign)) {
    bytes.push(...Buffer.from(text.slice(at, match.index)), ...encode(match[0]));
    at = match.index + match[0].length;
  }
  return [...bytes, ...Buffer.from(text.slice(at))];
}
