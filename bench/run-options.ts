/** What bench/run.mjs tells every benchmark. */
export interface BenchOptions {
  /** Small sizes and few rounds: shows that the benchmark works, not what the figures are. */
  readonly quick: boolean;
  /** A checkout of an earlier commit, with its packages installed, to be measured beside this one. */
  readonly before?: string;
}
