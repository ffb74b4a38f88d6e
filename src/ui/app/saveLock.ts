/** How long a reload waits for the page before it to let go. */
const patienceMs = 500;

/** True when this tab may keep the one saved session, for as long as it is open; another tab may have it. */
export function saveLock(): Promise<boolean> {
  // Locks need a secure context; without them the last tab to write wins, as in any page.
  if (!('locks' in navigator)) return Promise.resolve(true);
  return new Promise((resolve) => {
    const forever = new Promise<never>(() => undefined);
    navigator.locks
      .request('podarium.session', { signal: AbortSignal.timeout(patienceMs) }, () => {
        resolve(true);
        return forever;
      })
      .catch(() => resolve(false));
  });
}
