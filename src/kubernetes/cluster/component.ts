/** A part of the cluster that can be seen and broken (D9). */
export interface Component {
  /** Upstream's name: `kube-scheduler`. */
  readonly name: string;
  /** The node it runs on, or null for what the page cannot place. */
  readonly node: string | null;
  readonly isRunning: boolean;
  start(): void;
  stop(): void;
}

/** A component from what starts it: `begin` returns what ends it. */
export function component(name: string, node: string | null, begin: () => () => void): Component {
  let end: (() => void) | null = null;
  return {
    name,
    node,
    get isRunning() {
      return end !== null;
    },
    start() {
      end ??= begin();
    },
    stop() {
      end?.();
      end = null;
    },
  };
}
