import { createHash } from "node:crypto";

/** 52 bits over an image's decoded values: the same in every transfer syntax. Its collisions are one in many millions. */
export function hashOfImage(hu: Int16Array, rows: number): number {
  const hash = createHash("sha256")
    .update(String(rows))
    .update(new Uint8Array(hu.buffer, hu.byteOffset, hu.byteLength));
  return Number.parseInt(hash.digest("hex").slice(0, 13), 16);
}
