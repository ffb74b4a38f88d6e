/** How long a new tab waits for another to let go, and how long a tab waits for itself as it was before a reload. */
const patienceMs = 500;
const ownPatienceMs = 10_000;
/** In the tab's own storage: this tab kept the session when it was last loaded. */
const keeperKey = 'podarium.keeper';

/** True when this tab may keep the one saved session, for as long as it is open; another tab may have it. */
export function saveLock(): Promise<boolean> {
  // Locks need a secure context; without them the last tab to write wins, as in any page.
  if (!('locks' in navigator)) return Promise.resolve(true);
  // The page before a reload is put away in its own time: on a busy machine a moment is not enough.
  const signal = AbortSignal.timeout(wasKeeper() ? ownPatienceMs : patienceMs);
  return new Promise((resolve) => {
    const forever = new Promise<never>(() => undefined);
    navigator.locks
      .request('podarium.session', { signal }, () => {
        rememberKeeper();
        resolve(true);
        return forever;
      })
      .catch(() => resolve(false));
  });
}

function wasKeeper(): boolean {
  try {
    return sessionStorage.getItem(keeperKey) !== null;
  } catch {
    return false;
  }
}

function rememberKeeper(): void {
  try {
    sessionStorage.setItem(keeperKey, '');
  } catch {
    // Without storage a reload waits as a new tab does.
  }
}
