import { encode } from "fast-png";

/** A grey or RGB picture of 8 bits as a data URL, to stand in a page. */
export function pictureUrl(data: Uint8Array, width: number, height: number): string {
  const channels = data.length === width * height ? 1 : 3;
  const png = encode({ width, height, data, channels, depth: 8 });
  return `data:image/png;base64,${Buffer.from(png).toString("base64")}`;
}
