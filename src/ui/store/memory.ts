import type { SessionStorageArea } from './savedSession.ts';
import type { Memory } from './view.ts';

/** The browser's storage; where it is forbidden or full, the page works on and forgets. */
export const browserMemory: Memory = {
  getItem(key) {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  },
  setItem(key, value) {
    try {
      localStorage.setItem(key, value);
    } catch {
      // A preference that cannot be saved is not worth an error.
    }
  },
};

/** Where the session is saved. Where storage is forbidden there is none, and that is told like a full one. */
export function sessionArea(): SessionStorageArea {
  try {
    return localStorage;
  } catch {
    const refuse = (): never => {
      throw new Error('This browser forbids storage.');
    };
    return { getItem: () => null, setItem: refuse, removeItem: refuse };
  }
}
