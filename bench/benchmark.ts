/** One benchmark: prints its tables while it runs, and returns what is kept as JSON. */
export interface Benchmark {
  /** In few words, for the list. */
  about: string;
  run(): Promise<unknown>;
}
