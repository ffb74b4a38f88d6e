/** What one request costs the container that serves it. */
export interface RequestCost {
  /** CPU time, in millionths of a core-second. */
  readonly cpuMicros: number;
  /** How long the answer takes on an idle machine. */
  readonly latencyMs: number;
  /** Memory that each request under way holds. */
  readonly memoryBytes: number;
}
