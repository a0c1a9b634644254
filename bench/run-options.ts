/** What bench/run.mjs tells every benchmark. */
export interface BenchOptions {
  /** Small sizes and few rounds: shows that the benchmark works, not what the figures are. */
  readonly quick: boolean;
}
