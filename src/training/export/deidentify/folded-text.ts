/** Capitals without accents: texts that differ in nothing else are the same to a reader. */
export function folded(text: string): string {
  return text
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .toUpperCase()
    .replaceAll("Ø", "O")
    .replaceAll("Ł", "L")
    .normalize("NFC");
}

/** Letters and digits only. */
export function compact(text: string): string {
  return folded(text).replaceAll(/[^\p{L}\p{N}]/gu, "");
}
