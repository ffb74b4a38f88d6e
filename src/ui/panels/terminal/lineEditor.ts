/** A line being typed, as readline would edit it. All functions are pure: state in, state and effect out. */
export interface LineState {
  readonly text: string;
  /** In characters (code points), 0 to the length. */
  readonly cursor: number;
  readonly history: readonly string[];
  /** Which entry of the history is shown; its length means the line that is being typed. */
  readonly at: number;
  /** The line that was being typed before the history was walked. */
  readonly draft: string;
  /** What Ctrl-Y brings back. */
  readonly killed: string;
  /** What Ctrl-R looks for, or null. */
  readonly search: { readonly text: string; readonly from: number } | null;
}

export type LineEffect =
  | { readonly type: 'none' }
  | { readonly type: 'submit'; readonly line: string }
  | { readonly type: 'interrupt' }
  | { readonly type: 'endOfInput' }
  | { readonly type: 'complete' }
  | { readonly type: 'clear' }
  | { readonly type: 'bell' };

export interface LineStep {
  readonly state: LineState;
  readonly effect: LineEffect;
}

const historyMax = 1000;
const none: LineEffect = { type: 'none' };
const bell: LineEffect = { type: 'bell' };

export function emptyLine(history: readonly string[] = []): LineState {
  return { text: '', cursor: 0, history, at: history.length, draft: '', killed: '', search: null };
}

type Edit = (state: LineState) => LineState | LineStep;

const characters = (text: string): string[] => Array.from(text);

/** Replaces the characters of [from, to) and puts the cursor behind what was put in. */
function splice(state: LineState, from: number, to: number, inserted: string): LineState {
  const all = characters(state.text);
  const added = characters(inserted);
  return {
    ...state,
    text: [...all.slice(0, from), ...added, ...all.slice(to)].join(''),
    cursor: from + added.length,
  };
}

function kill(state: LineState, from: number, to: number): LineState {
  if (from >= to) return state;
  return { ...splice(state, from, to, ''), killed: characters(state.text).slice(from, to).join('') };
}

const lengthOf = (state: LineState): number => characters(state.text).length;

function wordStart({ text, cursor }: LineState): number {
  const all = characters(text);
  let at = cursor;
  while (at > 0 && all[at - 1] === ' ') at -= 1;
  while (at > 0 && all[at - 1] !== ' ') at -= 1;
  return at;
}

function wordEnd({ text, cursor }: LineState): number {
  const all = characters(text);
  let at = cursor;
  while (at < all.length && all[at] === ' ') at += 1;
  while (at < all.length && all[at] !== ' ') at += 1;
  return at;
}

function move(state: LineState, to: number): LineState {
  return { ...state, cursor: Math.min(Math.max(to, 0), lengthOf(state)) };
}

function recall(state: LineState, by: number): LineState | LineStep {
  const at = state.at + by;
  if (at < 0 || at > state.history.length) return { state, effect: bell };
  const draft = state.at === state.history.length ? state.text : state.draft;
  const text = at === state.history.length ? draft : (state.history[at] ?? '');
  return { ...state, at, draft, text, cursor: characters(text).length };
}

function submit(state: LineState): LineStep {
  const line = state.text;
  const repeated = line.trim() === '' || state.history.at(-1) === line;
  const history = repeated ? state.history : [...state.history, line].slice(-historyMax);
  return { state: { ...emptyLine(history), killed: state.killed }, effect: { type: 'submit', line } };
}

const edits: Readonly<Record<string, Edit>> = {
  '\r': submit,
  '\n': submit,
  '\t': (state) => ({ state, effect: { type: 'complete' } }),
  '\u007F': (state) =>
    state.cursor === 0 ? { state, effect: bell } : splice(state, state.cursor - 1, state.cursor, ''),
  '\b': (state) =>
    state.cursor === 0 ? { state, effect: bell } : splice(state, state.cursor - 1, state.cursor, ''),
  '\u001B[3~': (state) => splice(state, state.cursor, state.cursor + 1, ''),
  '\u0001': (state) => move(state, 0),
  '\u001B[H': (state) => move(state, 0),
  '\u0005': (state) => move(state, lengthOf(state)),
  '\u001B[F': (state) => move(state, lengthOf(state)),
  '\u0002': (state) => move(state, state.cursor - 1),
  '\u001B[D': (state) => move(state, state.cursor - 1),
  '\u0006': (state) => move(state, state.cursor + 1),
  '\u001B[C': (state) => move(state, state.cursor + 1),
  '\u001B[1;5D': (state) => move(state, wordStart(state)),
  '\u001Bb': (state) => move(state, wordStart(state)),
  '\u001B[1;5C': (state) => move(state, wordEnd(state)),
  '\u001Bf': (state) => move(state, wordEnd(state)),
  '\u0010': (state) => recall(state, -1),
  '\u001B[A': (state) => recall(state, -1),
  '\u000E': (state) => recall(state, 1),
  '\u001B[B': (state) => recall(state, 1),
  '\u0015': (state) => kill(state, 0, state.cursor),
  '\u000B': (state) => kill(state, state.cursor, lengthOf(state)),
  '\u0017': (state) => kill(state, wordStart(state), state.cursor),
  '\u001B\u007F': (state) => kill(state, wordStart(state), state.cursor),
  '\u001Bd': (state) => kill(state, state.cursor, wordEnd(state)),
  '\u0019': (state) => splice(state, state.cursor, state.cursor, state.killed),
  '\u0012': (state) => ({ ...state, search: { text: '', from: state.history.length } }),
  '\u000C': (state) => ({ state, effect: { type: 'clear' } }),
  '\u0003': (state) => ({
    state: { ...emptyLine(state.history), killed: state.killed },
    effect: { type: 'interrupt' },
  }),
  '\u0004': (state) =>
    state.text === ''
      ? { state, effect: { type: 'endOfInput' } }
      : splice(state, state.cursor, state.cursor + 1, ''),
};

/** One key, as xterm gives it: a control code, an escape sequence, or text. */
export function press(state: LineState, key: string): LineStep {
  if (state.search !== null) return pressInSearch(state, state.search, key);
  const edit = edits[key];
  if (edit !== undefined) {
    const result = edit(state);
    return 'effect' in result ? result : { state: result, effect: none };
  }
  if (key.startsWith('\u001B') || (key.length === 1 && key < ' ')) return { state, effect: none };
  return { state: splice(state, state.cursor, state.cursor, key), effect: none };
}

function pressInSearch(state: LineState, search: NonNullable<LineState['search']>, key: string): LineStep {
  const found = (text: string, before: number): LineStep => {
    for (let at = Math.min(before, state.history.length) - 1; at >= 0; at -= 1) {
      const line = state.history[at];
      if (line?.includes(text) === true)
        return {
          state: { ...state, text: line, cursor: characters(line).length, at, search: { text, from: at } },
          effect: none,
        };
    }
    return { state: { ...state, search: { text, from: search.from } }, effect: bell };
  };
  if (key === '\u0012') return found(search.text, search.from);
  if (key === '\u007F' || key === '\b')
    return found(characters(search.text).slice(0, -1).join(''), state.history.length);
  if (key === '\u0007' || key === '\u0003')
    return {
      state: { ...state, text: state.draft, cursor: 0, at: state.history.length, search: null },
      effect: none,
    };
  if (key === '\u001B') return { state: { ...state, search: null }, effect: none };
  if (key < ' ' || key.startsWith('\u001B')) return press({ ...state, search: null }, key);
  return found(search.text + key, search.from + 1);
}

/** Puts a completion in place of what stands before the cursor since `from`. */
export function complete(state: LineState, from: number, text: string): LineState {
  return splice(state, from, state.cursor, text);
}

/** The longest beginning that all share. */
export function commonStart(words: readonly string[]): string {
  const [first = '', ...rest] = words;
  let end = first.length;
  for (const word of rest) while (!word.startsWith(first.slice(0, end))) end -= 1;
  return first.slice(0, end);
}

const keyPattern =
  // oxlint-disable-next-line no-control-regex -- control codes are what a terminal is made of
  /\u001B(?:\[[\d;]*[A-Za-z~]|O[A-Z]|[^[O])|\u001B|[\u0000-\u001F\u007F]|[^\u0000-\u001F\u007F]+/gu;
// oxlint-disable-next-line no-control-regex -- as above
const pasteMarks = /\u001B\[20[01]~/gu;

/** Splits what xterm hands over into keys: escape sequences whole, a paste into its lines. */
export function splitKeys(data: string): string[] {
  return data.replaceAll('\r\n', '\r').replaceAll(pasteMarks, '').match(keyPattern) ?? [];
}
