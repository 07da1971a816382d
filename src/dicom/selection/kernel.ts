import { namesBone } from "./words.ts";

export type KernelKind = "soft" | "bone" | "unknown";

/** Names that GE, Philips and others use instead of numbers. Lung and edge kernels are as sharp as bone. */
const KIND_BY_NAME: Record<string, KernelKind> = {
  SOFT: "soft",
  STANDARD: "soft",
  STND: "soft",
  STD: "soft",
  "STD+": "soft",
  DETAIL: "soft",
  BRAIN: "soft",
  CEREBRUM: "soft",
  A: "soft",
  B: "soft",
  UA: "soft",
  UB: "soft",
  BONE: "bone",
  BONEPLUS: "bone",
  BONE2: "bone",
  EDGE: "bone",
  LUNG: "bone",
  ULTRA: "bone",
  D: "bone",
  E: "bone",
  YD: "bone",
  YE: "bone",
  L: "bone",
};

/** Siemens: a region (H head, J with iterative reconstruction, …), then a number that grows with sharpness. */
const SIEMENS = /^[BCDHJTUIQ][A-Z]?(\d{2})[A-Z]?$/;
const SIEMENS_SHARP_FROM = 55;

/** Canon/Toshiba: FC01-29 and 40-49 soft tissue, 30-39 bone and inner ear, 50-59 lung, 80-89 high resolution. */
const CANON = /^FC(\d)\d/;
const CANON_SHARP_TENS = new Set(["3", "5", "8"]);

/** What a Convolution Kernel (0018,1210) is made for; the series description decides where the kernel says nothing. */
export function kernelKind(convolutionKernel: string, seriesDescription: string): KernelKind {
  const name = convolutionKernel.split("\\")[0]!.trim().toUpperCase();
  const byName = KIND_BY_NAME[name];
  if (byName !== undefined) return byName;
  const siemens = SIEMENS.exec(name);
  if (siemens !== null) return Number(siemens[1]) >= SIEMENS_SHARP_FROM ? "bone" : "soft";
  const canon = CANON.exec(name);
  if (canon !== null) return CANON_SHARP_TENS.has(canon[1]!) ? "bone" : "soft";
  return namesBone(convolutionKernel) || namesBone(seriesDescription) ? "bone" : "unknown";
}
