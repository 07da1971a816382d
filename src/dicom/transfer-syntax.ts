/** The transfer syntaxes of CT in the field (PS3.6 annex A), by UID: how a message names them. */
const NAMES: Record<string, string> = {
  "1.2.840.10008.1.2": "Implicit VR Little Endian",
  "1.2.840.10008.1.2.1": "Explicit VR Little Endian",
  "1.2.840.10008.1.2.1.99": "Deflated Explicit VR Little Endian",
  "1.2.840.10008.1.2.2": "Explicit VR Big Endian",
  "1.2.840.10008.1.2.4.50": "JPEG Baseline",
  "1.2.840.10008.1.2.4.51": "JPEG Extended 12 bit",
  "1.2.840.10008.1.2.4.57": "JPEG Lossless",
  "1.2.840.10008.1.2.4.70": "JPEG Lossless, first-order prediction",
  "1.2.840.10008.1.2.4.80": "JPEG-LS Lossless",
  "1.2.840.10008.1.2.4.81": "JPEG-LS Near-Lossless",
  "1.2.840.10008.1.2.4.90": "JPEG 2000 Lossless",
  "1.2.840.10008.1.2.4.91": "JPEG 2000",
  "1.2.840.10008.1.2.4.201": "HTJ2K Lossless",
  "1.2.840.10008.1.2.4.202": "HTJ2K Lossless RPCL",
  "1.2.840.10008.1.2.4.203": "HTJ2K",
  "1.2.840.10008.1.2.5": "RLE Lossless",
};

const UNCOMPRESSED = new Set([
  "1.2.840.10008.1.2",
  "1.2.840.10008.1.2.1",
  "1.2.840.10008.1.2.1.99",
  "1.2.840.10008.1.2.2",
]);

/** Whether Pixel Data holds plain numbers; deflated data sets are inflated as a whole when they are parsed. */
export function isUncompressed(transferSyntaxUid: string): boolean {
  return UNCOMPRESSED.has(transferSyntaxUid);
}

export function isBigEndian(transferSyntaxUid: string): boolean {
  return transferSyntaxUid === "1.2.840.10008.1.2.2";
}

export function transferSyntaxName(transferSyntaxUid: string): string {
  const name = NAMES[transferSyntaxUid];
  return name === undefined ? transferSyntaxUid : `${name} (${transferSyntaxUid})`;
}
