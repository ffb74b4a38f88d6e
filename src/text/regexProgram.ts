/** A pattern that does not parse, or a text too long for it, in GNU's words. */
export class RegexError extends Error {
  override name = 'RegexError';
}

/** What is searched: a text, or its characters where some of them are two of JavaScript's. */
export type Subject = string | readonly string[];

/** One instruction of a compiled regular expression; numbers are addresses in the program. */
export type Instruction =
  | { readonly op: 'character'; readonly character: string }
  | { readonly op: 'set'; readonly test: (character: string) => boolean }
  | { readonly op: 'split'; readonly first: number; readonly second: number }
  | { readonly op: 'jump'; readonly to: number }
  | { readonly op: 'save'; readonly slot: number }
  | { readonly op: 'assert'; readonly holds: (text: Subject, at: number) => boolean }
  | { readonly op: 'group'; readonly group: number }
  | { readonly op: 'except'; readonly program: readonly Instruction[] }
  | { readonly op: 'match' };

export interface RegexMatch {
  readonly start: number;
  readonly end: number;
  /** The text of each group from 1 on (0 is the whole); undefined where a group took no part. */
  readonly groups: readonly (string | undefined)[];
}

/** Steps a pattern with back-references may take; without them matching is linear. */
const backReferenceStepsMax = 200_000;

/** Cells of memory (instructions × characters) that one search may take: 64 MB. */
const cellsMax = 16_777_216;

let visited = new Uint32Array(4096);
let generation = 0;

/**
 * Finds the leftmost match at or after `from`: the longest one, or the one that the pattern prefers.
 * `shown` is the text that groups are cut from, when `text` is a folded form of it.
 * No (instruction, position) is tried twice, so the time is bounded by program × text whatever a learner
 * writes; that is why this is not JavaScript's RegExp.
 */
export function runProgram(
  program: readonly Instruction[],
  text: Subject,
  from: number,
  options: { longest: boolean; anchored?: boolean; shown?: Subject },
): RegexMatch | null {
  const search = new Search(program, text, options.longest);
  const first = program[1];
  const literal = first?.op === 'character' ? first.character : null;
  for (let start = from; start <= text.length; start++) {
    if (literal !== null && options.anchored !== true) {
      start = text.indexOf(literal, start);
      if (start < 0) return null;
    }
    const slots = search.from(start);
    if (slots !== null) return toMatch(options.shown ?? text, slots);
    if (options.anchored === true) return null;
  }
  return null;
}

function toMatch(text: Subject, slots: readonly number[]): RegexMatch {
  const groups: (string | undefined)[] = [];
  for (let slot = 0; slot < slots.length; slot += 2) {
    const [start, end] = [slots[slot] ?? -1, slots[slot + 1] ?? -1];
    groups.push(start >= 0 && end >= 0 ? cut(text, start, end) : undefined);
  }
  return { start: slots[0]!, end: slots[1]!, groups };
}

function cut(text: Subject, start: number, end: number): string {
  const piece = text.slice(start, end);
  return typeof piece === 'string' ? piece : piece.join('');
}

class Search {
  readonly #program: readonly Instruction[];
  readonly #text: Subject;
  readonly #longest: boolean;
  readonly #remembers: boolean;
  readonly #slotCount: number;
  /** Addresses, positions, and what to put back: (address, position) or (-1 - slot, old value). */
  readonly #stack: number[] = [];
  readonly #generation: number;
  #visited: Uint32Array;
  #steps = 0;

  constructor(program: readonly Instruction[], text: Subject, longest: boolean) {
    this.#program = program;
    this.#text = text;
    this.#longest = longest;
    this.#remembers = !program.some((instruction) => instruction.op === 'group');
    let slotCount = 2;
    for (const instruction of program) {
      if (instruction.op === 'save' && instruction.slot >= slotCount) slotCount = (instruction.slot | 1) + 1;
    }
    this.#slotCount = slotCount;
    const cells = program.length * (text.length + 1);
    if (cells > cellsMax) throw new RegexError('memory exhausted');
    if (visited.length < cells) visited = new Uint32Array(Math.min(cellsMax, cells * 2));
    if (++generation > 0xffff_fff0) {
      visited.fill(0);
      generation = 1;
    }
    this.#generation = generation;
    this.#visited = visited;
  }

  from(start: number): number[] | null {
    const slots = Array.from<number>({ length: this.#slotCount }).fill(-1);
    const stack = this.#stack;
    stack.length = 0;
    stack.push(0, start);
    let best: number[] | null = null;
    while (stack.length > 0) {
      const at = stack.pop()!;
      const address = stack.pop()!;
      if (address < 0) {
        slots[-1 - address] = at;
        continue;
      }
      const end = this.#thread(address, at, slots);
      if (end < 0 || (best !== null && end <= best[1]!)) continue;
      best = [...slots];
      best[0] = start;
      best[1] = end;
      if (!this.#longest) return best;
    }
    return best;
  }

  /** Follows one thread until it fails (-1) or matches (its end), leaving its alternatives on the stack. */
  #thread(address: number, at: number, slots: number[]): number {
    const text = this.#text;
    const width = text.length + 1;
    for (;;) {
      if (this.#remembers) {
        const cell = address * width + at;
        if (this.#visited[cell] === this.#generation) return -1;
        this.#visited[cell] = this.#generation;
      } else if (++this.#steps > backReferenceStepsMax) return -1;
      const instruction = this.#program[address]!;
      switch (instruction.op) {
        case 'match':
          return at;
        case 'character':
          if (text[at] !== instruction.character) return -1;
          at++;
          address++;
          break;
        case 'set':
          if (at >= text.length || !instruction.test(text[at]!)) return -1;
          at++;
          address++;
          break;
        case 'assert':
          if (!instruction.holds(text, at)) return -1;
          address++;
          break;
        case 'jump':
          address = instruction.to;
          break;
        case 'split':
          this.#stack.push(instruction.second, at);
          address = instruction.first;
          break;
        case 'save':
          this.#stack.push(-1 - instruction.slot, slots[instruction.slot]!);
          slots[instruction.slot] = at;
          address++;
          break;
        case 'group': {
          const start = slots[instruction.group * 2]!;
          const end = slots[instruction.group * 2 + 1]!;
          const piece = start >= 0 && end >= 0 ? cut(text, start, end) : '';
          if (cut(text, at, at + piece.length) !== piece) return -1;
          at += piece.length;
          address++;
          break;
        }
        case 'except':
          this.#exceptions(instruction.program, address + 1, at);
          return -1;
      }
    }
  }

  /** `!(…)`: goes on wherever what lies between does not match. */
  #exceptions(program: readonly Instruction[], next: number, at: number): void {
    for (let end = at; end <= this.#text.length; end++) {
      const piece = cut(this.#text, at, end);
      const match = new Search(program, piece, true).from(0);
      if (match === null || match[1] !== piece.length) this.#stack.push(next, end);
    }
  }
}
