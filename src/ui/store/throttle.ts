type Subscribe = (listener: () => void) => () => void;

/**
 * A subscription that tells its listener at most once in `periodMs()`: at once when it has been quiet, and at the end of the
 * period about what came within it. Nothing is lost, since a listener reads the present state.
 */
export function throttled(subscribe: Subscribe, periodMs: () => number): Subscribe {
  return (listener) => {
    let toldAtMs = Number.NEGATIVE_INFINITY;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const tell = (): void => {
      timer = undefined;
      toldAtMs = performance.now();
      listener();
    };
    const stop = subscribe(() => {
      if (timer !== undefined) return;
      const waitMs = toldAtMs + periodMs() - performance.now();
      if (waitMs <= 0) tell();
      else timer = setTimeout(tell, waitMs);
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  };
}
