import dcmjs from "dcmjs";

/** How dcmjs' dictionary writes "one or the other", taken as PS3.5 A.1 asks for pixels, and as most write the rest. */
const CHOICES: Record<string, string> = { ox: "OW", lt: "OW", up: "UL" };

/**
 * The value representation of an attribute by PS3.6, for data sets that do not say it; "UN" for what is not in there, such as private
 * elements.
 * @param tag as `xggggeeee` @param signed whether Pixel Representation is 1, which some attributes of pixel values follow
 */
export function vrOfTag(tag: string, signed: boolean): string {
  const [group, element] = [tag.slice(1, 5), tag.slice(5)];
  if (element === "0000") return "UL";
  if (Number.parseInt(group, 16) % 2 === 1) return /^00[1-9a-f]/.test(element) ? "LO" : "UN";
  const vr = dcmjs.data.DicomMetaDictionary.dictionary[`(${group},${element})`.toUpperCase()]?.vr ?? "UN";
  if (vr === "xs") return signed ? "SS" : "US";
  return CHOICES[vr] ?? (/^[A-Z]{2}$/.test(vr) ? vr : "UN");
}
