import { FileError } from '#world/machine/fileSystem.ts';
import type { Process } from '#world/machine/program.ts';
import { complain, pathOf, ToolError } from './tool.ts';

/** Characters that a tool holds in memory: one line, or all it has to sort. */
const memoryMax = 8_388_608;

/** Some lines that came together. */
export interface LineBatch {
  /** The operand they are from; `-` for stdin. */
  readonly name: string;
  /** Without their newlines. */
  readonly lines: readonly string[];
  /** True when the last one had no newline. */
  readonly open: boolean;
}

/** What a tool's operands name: files, or stdin when there are none. */
export class Inputs {
  readonly #process: Process;
  readonly #operands: readonly string[];
  readonly #wording: (operand: string, message: string) => string;
  /** True once a file could not be read. */
  failed = false;

  constructor(
    process: Process,
    operands: readonly string[],
    wording = (operand: string, message: string) => `${operand}: ${message}`,
  ) {
    this.#process = process;
    this.#operands = operands.length > 0 ? operands : ['-'];
    this.#wording = wording;
  }

  /** Texts as they come; says so, and goes on, when a file cannot be read. */
  async *pieces(): AsyncGenerator<{ readonly name: string; readonly text: string; readonly first: boolean }> {
    for (const name of this.#operands) {
      if (name === '-' || name === '/dev/stdin') {
        let first = true;
        for (;;) {
          const text = await this.#process.stdin.read();
          if (text === null) break;
          yield { name, text, first };
          first = false;
        }
        continue;
      }
      const text = await this.#file(name);
      if (text !== null) yield { name, text, first: true };
    }
  }

  /** Whole lines as they come. */
  async *lines(): AsyncGenerator<LineBatch> {
    let rest = '';
    let from = '';
    for await (const { name, text, first } of this.pieces()) {
      if (first && rest !== '') {
        yield { name: from, lines: [rest], open: true };
        rest = '';
      }
      from = name;
      const whole = rest + text;
      const end = whole.lastIndexOf('\n');
      rest = whole.slice(end + 1);
      if (rest.length > memoryMax) throw new ToolError('memory exhausted', 2);
      if (end >= 0) yield { name, lines: whole.slice(0, end).split('\n'), open: false };
    }
    if (rest !== '') yield { name: from, lines: [rest], open: true };
  }

  /** Each operand's whole text. */
  async *texts(): AsyncGenerator<{ readonly name: string; readonly text: string }> {
    for (const name of this.#operands) {
      const text =
        name === '-' || name === '/dev/stdin' ? await readAll(this.#process) : await this.#file(name);
      if (text !== null) yield { name, text };
    }
  }

  async #file(name: string): Promise<string | null> {
    try {
      return this.#process.files.read(pathOf(this.#process, name));
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      this.failed = true;
      await complain(this.#process, this.#wording(name, error.message));
      return null;
    }
  }
}

/** All of stdin. Throws ToolError past what a tool may hold. */
export async function readAll(process: Process): Promise<string> {
  const pieces: string[] = [];
  let length = 0;
  for (;;) {
    const piece = await process.stdin.read();
    if (piece === null) return pieces.join('');
    length += piece.length;
    if (length > memoryMax) throw new ToolError('memory exhausted', 2);
    pieces.push(piece);
  }
}

/** A text as lines, without the empty one after the last newline. */
export function linesOf(text: string): string[] {
  if (text === '') return [];
  return (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n');
}

/** Lines as a text, each with its newline. */
export function textOf(lines: readonly string[]): string {
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}
