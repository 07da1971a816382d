import { fetchImage } from "../../api.ts";

/** Images of previews, kept as object URLs so that a picture changes in one frame. */

const MOST_KEPT = 160;

/** By address, oldest use first. */
const kept = new Map<string, string>();

/** The object URL of an image that is there already. */
export function knownPicture(url: string): string | undefined {
  return kept.get(url);
}

/** Resolves once the browser can draw it. @throws ApiError, Unreachable; also when the signal aborts */
export async function loadPicture(url: string, signal: AbortSignal): Promise<string> {
  const known = kept.get(url) ?? (await decoded(url, signal));
  kept.delete(url);
  kept.set(url, known);
  for (const [oldest, objectUrl] of kept) {
    if (kept.size <= MOST_KEPT) break;
    kept.delete(oldest);
    URL.revokeObjectURL(objectUrl);
  }
  return known;
}

async function decoded(url: string, signal: AbortSignal): Promise<string> {
  const objectUrl = URL.createObjectURL(await fetchImage(url, signal));
  const image = new Image();
  image.src = objectUrl;
  await image.decode();
  return objectUrl;
}
