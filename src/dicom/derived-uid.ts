import { createHash } from "node:crypto";

/**
 * A UID that is always the same for the same parts: the `2.25.` form of a 128-bit number (PS3.5 B.2), here the
 * first 128 bits of a SHA-256, marked as a version 8 UUID (RFC 9562) so that it collides with no random one.
 */
export function derivedUid(...parts: string[]): string {
  const digest = createHash("sha256").update(JSON.stringify(parts)).digest();
  const bytes = digest.subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x80;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return `2.25.${BigInt(`0x${bytes.toString("hex")}`)}`;
}
