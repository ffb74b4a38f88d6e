/** What a program can learn of the machine that it runs on; a container sees its node's. */
export interface Hardware {
  readonly cores: number;
  readonly memoryBytes: number;
  /** What all that runs on it holds now. */
  memoryUsedBytes(): number;
}
