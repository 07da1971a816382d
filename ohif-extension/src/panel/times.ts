/** Times of the day, as a reader's clock shows them. */

export function timeOfDay(at: Date): string {
  return `${String(at.getHours()).padStart(2, "0")}:${String(at.getMinutes()).padStart(2, "0")}`;
}

/** "14:03"; with the date where it is another day: "2026-11-22 14:03". @param instant ISO 8601 */
export function whenWords(instant: string, now = new Date()): string {
  const at = new Date(instant);
  if (at.toDateString() === now.toDateString()) return timeOfDay(at);
  const [month, day] = [at.getMonth() + 1, at.getDate()].map((part) => String(part).padStart(2, "0"));
  return `${at.getFullYear()}-${month}-${day} ${timeOfDay(at)}`;
}
