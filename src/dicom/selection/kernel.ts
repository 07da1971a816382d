import { plain } from "./pattern.ts";
import { namesBone, namesSoft } from "./words.ts";

export type KernelKind = "soft" | "bone" | "unknown";

/**
 * Names that GE, Philips and Neusoft use instead of numbers. Lung and edge kernels are as sharp as bone. Philips: UA, UB
 * and UC are brain kernels (UC is "Brain Sharp"), A and B body ones; D, E, L, the Y family and the E family are sharp.
 */
const KIND_BY_NAME: Record<string, KernelKind> = {
  ...Object.fromEntries(
    "SOFT STANDARD STND STD STD+ DETAIL BRAIN CEREBRUM HEAD A B UA UB UC SA SB F10 F20"
      .split(" ")
      .map((it) => [it, "soft"]),
  ),
  ...Object.fromEntries(
    "BONE BONEPLUS BONE2 EDGE LUNG ULTRA D E L EA EB EC YA YB YC YD YE".split(" ").map((it) => [it, "bone"]),
  ),
};

/** Siemens: a region (H head, J with iterative reconstruction, …), then a number that grows with sharpness. */
const SIEMENS = /^[BCDHJTUIQS][A-Z]?(\d{2})[A-Z]?$/;
const SIEMENS_SHARP_FROM = 55;

/** Canon/Toshiba: FC01-29, 40-49 and 60-69 soft tissue, 30-39 bone and inner ear, 50-59 lung, 80-89 high resolution. */
const CANON = /^FC(\d)\d/;
const CANON_SHARP_TENS = new Set(["3", "5", "8"]);

/** "AiCE_BRAIN_LCD" */
const HEAD_KERNEL = /BRAIN|HEAD|CEREB/;

/** What a Convolution Kernel (0018,1210) is made for; the series description decides where the kernel says nothing. */
export function kernelKind(convolutionKernel: string, seriesDescription: string): KernelKind {
  const name = convolutionKernel.split("\\")[0]!.trim().toUpperCase();
  const byName =
    KIND_BY_NAME[name] ?? kindByNumber(name) ?? kindByWords(name) ?? (HEAD_KERNEL.test(name) ? "soft" : undefined);
  if (byName !== undefined) return byName;
  const numbers = plain(seriesDescription)
    .split(/[ /]/)
    .flatMap((word) => kindByNumber(word) ?? []);
  return kindByWords(seriesDescription) ?? numbers[0] ?? "unknown";
}

function kindByNumber(name: string): KernelKind | undefined {
  const siemens = SIEMENS.exec(name);
  if (siemens !== null) return Number(siemens[1]) >= SIEMENS_SHARP_FROM ? "bone" : "soft";
  const canon = CANON.exec(name);
  return canon === null ? undefined : CANON_SHARP_TENS.has(canon[1]!) ? "bone" : "soft";
}

/** "B_SOFT_C", "AiCE BRAIN", "Schädel Knochen", "Brain Sharp (UC)"; soft and bone at once say nothing. */
function kindByWords(text: string): KernelKind | undefined {
  const name = /\(([A-Z]{1,2})\)/.exec(text)?.[1];
  if (name !== undefined && KIND_BY_NAME[name] !== undefined) return KIND_BY_NAME[name];
  // Philips' "Brain Sharp" is a brain kernel.
  const bone = namesBone(text.replace(/brain[\s_-]+sharp/i, ""));
  if (bone) return namesSoft(text) ? undefined : "bone";
  return namesSoft(text) ? "soft" : undefined;
}
