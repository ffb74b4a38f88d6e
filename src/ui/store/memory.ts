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
