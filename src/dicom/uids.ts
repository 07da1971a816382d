/** The well-known UIDs that Vigil speaks of (PS3.6 annex A), all in one place. */

export const SOP_CLASS = {
  ctImage: "1.2.840.10008.5.1.4.1.1.2",
  enhancedCtImage: "1.2.840.10008.5.1.4.1.1.2.1",
  legacyConvertedEnhancedCtImage: "1.2.840.10008.5.1.4.1.1.2.2",
  secondaryCapture: "1.2.840.10008.5.1.4.1.1.7",
  comprehensiveSr: "1.2.840.10008.5.1.4.1.1.88.33",
  mediaStorageDirectory: "1.2.840.10008.1.3.10",
} as const;

export const TRANSFER_SYNTAX = {
  implicitLittleEndian: "1.2.840.10008.1.2",
  explicitLittleEndian: "1.2.840.10008.1.2.1",
  deflatedExplicitLittleEndian: "1.2.840.10008.1.2.1.99",
  explicitBigEndian: "1.2.840.10008.1.2.2",
  jpegBaseline: "1.2.840.10008.1.2.4.50",
  jpegExtended: "1.2.840.10008.1.2.4.51",
  jpegSpectralSelection: "1.2.840.10008.1.2.4.53",
  jpegFullProgression: "1.2.840.10008.1.2.4.55",
  jpegLossless: "1.2.840.10008.1.2.4.57",
  jpegLosslessFirstOrder: "1.2.840.10008.1.2.4.70",
  jpegLsLossless: "1.2.840.10008.1.2.4.80",
  jpegLsNearLossless: "1.2.840.10008.1.2.4.81",
  jpeg2000Lossless: "1.2.840.10008.1.2.4.90",
  jpeg2000: "1.2.840.10008.1.2.4.91",
  htj2kLossless: "1.2.840.10008.1.2.4.201",
  htj2kLosslessRpcl: "1.2.840.10008.1.2.4.202",
  htj2k: "1.2.840.10008.1.2.4.203",
  rleLossless: "1.2.840.10008.1.2.5",
} as const;

/** How a message names them. */
const TRANSFER_SYNTAX_NAMES: Record<string, string> = {
  [TRANSFER_SYNTAX.implicitLittleEndian]: "Implicit VR Little Endian",
  [TRANSFER_SYNTAX.explicitLittleEndian]: "Explicit VR Little Endian",
  [TRANSFER_SYNTAX.deflatedExplicitLittleEndian]: "Deflated Explicit VR Little Endian",
  [TRANSFER_SYNTAX.explicitBigEndian]: "Explicit VR Big Endian",
  [TRANSFER_SYNTAX.jpegBaseline]: "JPEG Baseline",
  [TRANSFER_SYNTAX.jpegExtended]: "JPEG Extended 12 bit",
  [TRANSFER_SYNTAX.jpegSpectralSelection]: "JPEG Spectral Selection (retired)",
  [TRANSFER_SYNTAX.jpegFullProgression]: "JPEG Full Progression (retired)",
  [TRANSFER_SYNTAX.jpegLossless]: "JPEG Lossless",
  [TRANSFER_SYNTAX.jpegLosslessFirstOrder]: "JPEG Lossless, first-order prediction",
  [TRANSFER_SYNTAX.jpegLsLossless]: "JPEG-LS Lossless",
  [TRANSFER_SYNTAX.jpegLsNearLossless]: "JPEG-LS Near-Lossless",
  [TRANSFER_SYNTAX.jpeg2000Lossless]: "JPEG 2000 Lossless",
  [TRANSFER_SYNTAX.jpeg2000]: "JPEG 2000",
  [TRANSFER_SYNTAX.htj2kLossless]: "HTJ2K Lossless",
  [TRANSFER_SYNTAX.htj2kLosslessRpcl]: "HTJ2K Lossless RPCL",
  [TRANSFER_SYNTAX.htj2k]: "HTJ2K",
  [TRANSFER_SYNTAX.rleLossless]: "RLE Lossless",
};

const UNCOMPRESSED = new Set<string>([
  TRANSFER_SYNTAX.implicitLittleEndian,
  TRANSFER_SYNTAX.explicitLittleEndian,
  TRANSFER_SYNTAX.deflatedExplicitLittleEndian,
  TRANSFER_SYNTAX.explicitBigEndian,
]);

/** Whether Pixel Data holds plain numbers; deflated data sets are inflated as a whole when they are parsed. */
export function isUncompressed(transferSyntaxUid: string): boolean {
  return UNCOMPRESSED.has(transferSyntaxUid);
}

export function isBigEndian(transferSyntaxUid: string): boolean {
  return transferSyntaxUid === TRANSFER_SYNTAX.explicitBigEndian;
}

export function transferSyntaxName(transferSyntaxUid: string): string {
  const name = TRANSFER_SYNTAX_NAMES[transferSyntaxUid];
  return name === undefined ? transferSyntaxUid : `${name} (${transferSyntaxUid})`;
}
