import { expect, test } from 'vitest';
import type { StampedInput } from '#classroom/recipe.ts';
import { SavedSession, type SessionStorageArea } from './savedSession.ts';

function area(room = 1_000_000): SessionStorageArea & { readonly kept: Map<string, string> } {
  const kept = new Map<string, string>();
  return {
    kept,
    getItem: (key) => kept.get(key) ?? null,
    setItem(key, value) {
      if (value.length > room) throw new Error('full');
      kept.set(key, value);
    },
    removeItem: (key) => void kept.delete(key),
  };
}

const typed = (text: string): StampedInput => ({
  atMs: 1,
  afterEvent: 2,
  input: { type: 'terminalInput', terminal: 1, text },
});

test('inputs are appended and come back in order', () => {
  const storage = area();
  const saved = new SavedSession(storage, () => undefined);
  saved.replace({ scenario: 'empty', seed: 's', inputs: [typed('a')] });
  saved.append(typed('b'));
  expect(new SavedSession(storage, () => undefined).load()).toEqual({
    scenario: 'empty',
    seed: 's',
    inputs: [typed('a'), typed('b')],
  });
});

test('an undo forgets what followed', () => {
  const storage = area();
  const saved = new SavedSession(storage, () => undefined);
  saved.replace({ scenario: 'empty', seed: 's', inputs: [typed('a'), typed('b')] });
  saved.replace({ scenario: 'empty', seed: 's', inputs: [typed('a')] });
  expect(saved.load()?.inputs).toEqual([typed('a')]);
  expect([...storage.kept.keys()]).toHaveLength(2);
});

test('a full storage is told once, and keeps what it had', () => {
  let told = 0;
  const storage = area(150);
  const saved = new SavedSession(storage, () => (told += 1));
  saved.replace({ scenario: 'empty', seed: 's', inputs: [] });
  saved.append(typed('x'.repeat(500)));
  saved.append(typed('y'));
  expect(told).toBe(1);
  expect(saved.load()?.inputs).toEqual([]);
});

test.each([
  ['nothing', {}],
  ['not JSON', { 'podarium.session': '{' }],
  ['a missing input', { 'podarium.session': '{"scenario":"empty","seed":"s","count":1}' }],
  ['something else', { 'podarium.session': '[]' }],
])('%s is no session', (_name, kept) => {
  const storage = area();
  for (const [key, value] of Object.entries(kept)) storage.setItem(key, value);
  expect(new SavedSession(storage, () => undefined).load()).toBeNull();
});
