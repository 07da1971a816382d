import { createHash } from "node:crypto";

/** A UID that is always the same for the same parts. */
export function derivedUid(...parts: string[]): string {
  return uidOfDigest(createHash("sha256").update(JSON.stringify(parts)).digest());
}

/**
 * The `2.25.` form of a 128-bit number (PS3.5 B.2), here the first 128 bits of a digest, marked as a version 8 UUID
 * (RFC 9562) so that it collides with no random one.
 */
export function uidOfDigest(digest: Uint8Array): string {
  const bytes = Buffer.from(digest.subarray(0, 16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x80;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return `2.25.${BigInt(`0x${bytes.toString("hex")}`)}`;
}

/** Whether a UID has that form. */
export function isDerivedUid(uid: string): boolean {
  if (!/^2\.25\.\d{1,39}$/.test(uid)) return false;
  const hex = BigInt(uid.slice(5)).toString(16).padStart(32, "0");
  return hex.length === 32 && hex[12] === "8" && "89ab".includes(hex[16]!);
}
