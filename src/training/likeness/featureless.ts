/** Of blood, brain and muscle, in HU: what differs from head to head. */
const TISSUE_HU = [5, 100] as const;
const LEAST_SHARE = 0.01;

/** Whether an image shows enough of somebody to be told from others: one of air or of a crown's tip does not. */
export function showsTissue(hu: Int16Array, leastShare = LEAST_SHARE): boolean {
  const [from, to] = TISSUE_HU;
  let pixels = 0;
  for (let i = 0; i < hu.length; i++) if (hu[i]! >= from && hu[i]! <= to) pixels++;
  return pixels >= leastShare * hu.length;
}
