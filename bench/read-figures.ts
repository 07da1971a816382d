/** Of all slices; the first round finds files in the page cache and compiled code cold, as a new process does. */
export interface ReadFigures {
  what: string;
  firstMs: number;
  bestMs: number;
  firstCpuMs: number;
  bestCpuMs: number;
}
