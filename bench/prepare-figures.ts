/** What it takes to turn slices into `.npy`, by one thread or process. */
export interface PrepareFigures {
  what: string;
  slices: number;
  /** Of the best run: processor time, start included; and the highest peak. */
  cpuS: number;
  wallS: number;
  peakRssMib: number | null;
}
