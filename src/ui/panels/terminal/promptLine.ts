import { browserMemory } from '#ui/store/memory.ts';

const historyKey = 'podarium.history';

export function loadHistory(): string[] {
  try {
    const saved: unknown = JSON.parse(browserMemory.getItem(historyKey) ?? '[]');
    return Array.isArray(saved) ? saved.filter((line) => typeof line === 'string') : [];
  } catch {
    return [];
  }
}

export function saveHistory(history: readonly string[]): void {
  browserMemory.setItem(historyKey, JSON.stringify(history));
}

/** Cells that text takes: East Asian and emoji characters two, marks that join others none. */
export function columnsOf(text: string): number {
  let columns = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (/\p{Mark}/u.test(character) || code === 0x200d) continue;
    columns += code >= 0x1100 && (/\p{Emoji_Presentation}/u.test(character) || isWide(code)) ? 2 : 1;
  }
  return columns;
}

function isWide(code: number): boolean {
  return (
    code <= 0x115f ||
    (code >= 0x2e80 && code <= 0xa4cf) ||
    (code >= 0xac00 && code <= 0xd7a3) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0xfe30 && code <= 0xfe6f) ||
    (code >= 0xff00 && code <= 0xff60) ||
    (code >= 0x20000 && code <= 0x3fffd)
  );
}
