/** What was not seen, in few words each. A file of its own, without zod, so that the viewer can use it too. */
export function notSeenOf(warnings: readonly { notSeen: string | null }[]): string[] {
  return warnings.flatMap(({ notSeen }) => notSeen ?? []);
}
