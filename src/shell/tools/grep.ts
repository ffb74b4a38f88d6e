import type { Process } from '#world/machine/program.ts';
import { compileRegex, type Regex, type RegexSyntax } from '#text/regex.ts';
import { Inputs, linesOf } from './inputs.ts';
import { type Options, parseOptions } from './options.ts';
import { complain, nameOf, pathOf, statusOf, tool } from './tool.ts';

const long = {
  'ignore-case': 'i',
  'invert-match': 'v',
  'extended-regexp': 'E',
  'fixed-strings': 'F',
  'perl-regexp': 'P',
  'basic-regexp': 'G',
  regexp: 'e',
  file: 'f',
  count: 'c',
  'line-number': 'n',
  'only-matching': 'o',
  recursive: 'r',
  quiet: 'q',
  silent: 'q',
  'word-regexp': 'w',
  'line-regexp': 'x',
  'files-with-matches': 'l',
  'files-without-match': 'L',
  'max-count': 'm',
  'no-messages': 's',
  'with-filename': 'H',
  'no-filename': 'h',
  'after-context': 'A',
  'before-context': 'B',
  context: 'C',
  color: '',
  colour: '',
  'line-buffered': '',
};

export const grep = tool(async (process) => {
  const args = process.args.map((arg, index) =>
    index > 0 && /^-\d+$/.test(arg) ? `-C${arg.slice(1)}` : arg,
  );
  const options = parseOptions(args, { letters: 'ivEFPGe:f:cnorRqwxlLm:sHhA:B:C:ay', long, exitCode: 2 });
  const operands = [...options.operands];
  const patterns = [...options.all('e')];
  if (patterns.length === 0 && !options.has('f')) {
    const pattern = operands.shift();
    if (pattern === undefined) {
      await process.stderr.write(
        "Usage: grep [OPTION]... PATTERNS [FILE]...\nTry 'grep --help' for more information.\n",
      );
      return 2;
    }
    patterns.push(pattern);
  }
  for (const file of options.all('f')) {
    for await (const { text } of new Inputs(process, [file]).texts()) patterns.push(...linesOf(text));
  }
  const recursive = options.has('r') || options.has('R');
  const files = recursive
    ? await walk(process, operands.length > 0 ? operands : ['.'], operands.length === 0)
    : operands;
  const named = options.has('H') || (!options.has('h') && (recursive || operands.length > 1));
  const search = new GrepSearch(process, options, matcherOf(process, options, patterns), named);
  const status = await search.run(recursive && files.length === 0 ? null : files);
  return status;
}, 2);

async function walk(process: Process, operands: readonly string[], bare: boolean): Promise<string[]> {
  const files: string[] = [];
  const visit = (operand: string, shown: string) => {
    if (statusOf(process, operand)?.type !== 'directory') return files.push(shown);
    const path = operand.replace(/\/$/, '');
    const names = process.files.list(pathOf(process, operand));
    for (const name of names)
      visit(`${path}/${name}`, bare && shown === '.' ? name : `${shown.replace(/\/$/, '')}/${name}`);
  };
  for (const operand of operands) visit(operand, operand);
  return files;
}

interface Matcher {
  /** Where in a line it matches: start and end of each, or only the first. */
  find(line: string, every: boolean): [number, number][];
}

function matcherOf(process: Process, options: Options, patterns: readonly string[]): Matcher {
  const ignoreCase = options.has('i') || options.has('y');
  const name = nameOf(process);
  const fixed = options.has('F') || name === 'fgrep';
  const syntax: RegexSyntax = options.has('P')
    ? 'perl'
    : options.has('E') || name === 'egrep'
      ? 'extended'
      : 'basic';
  const sources = patterns.flatMap((pattern) => pattern.split('\n'));
  const regexes = sources.map((source) =>
    fixed
      ? compileRegex(source.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'), 'extended', { ignoreCase })
      : compileRegex(source, syntax, { ignoreCase }),
  );
  const fits = (line: string, start: number, end: number) => {
    if (options.has('x')) return start === 0 && end === line.length;
    if (!options.has('w')) return true;
    const word = (character: string | undefined) => character !== undefined && /\w/.test(character);
    return !word(line[start - 1]) && !word(line[end]);
  };
  return { find: (line, every) => findMatches(regexes, line, every, fits) };
}

function findMatches(
  regexes: readonly Regex[],
  line: string,
  every: boolean,
  fits: (line: string, start: number, end: number) => boolean,
): [number, number][] {
  const found: [number, number][] = [];
  for (let from = 0; from <= line.length;) {
    let best: [number, number] | null = null;
    for (const regex of regexes) {
      for (let at = from; at <= line.length;) {
        const match = regex.exec(line, at);
        if (match === null) break;
        at = match.start + 1;
        if (!fits(line, match.start, match.end)) continue;
        const better =
          best === null || match.start < best[0] || (match.start === best[0] && match.end > best[1]);
        if (better) best = [match.start, match.end];
        break;
      }
    }
    if (best === null) break;
    found.push(best);
    if (!every) break;
    from = Math.max(best[1], best[0] + 1);
  }
  return found;
}

class GrepSearch {
  readonly #process: Process;
  readonly #options: Options;
  readonly #matcher: Matcher;
  readonly #named: boolean;
  readonly #before: number;
  readonly #after: number;
  readonly #max: number;
  #anyMatch = false;
  #printedBefore = false;

  constructor(process: Process, options: Options, matcher: Matcher, named: boolean) {
    this.#process = process;
    this.#options = options;
    this.#matcher = matcher;
    this.#named = named;
    const context = options.number('C', 0, 'invalid context length argument');
    this.#before = options.number('B', context, 'invalid context length argument');
    this.#after = options.number('A', context, 'invalid context length argument');
    this.#max = options.has('m') ? options.number('m', 0, 'invalid max count') : Infinity;
  }

  async run(files: readonly string[] | null): Promise<number> {
    let failed = false;
    for (const operand of files === null ? [] : files.length > 0 ? files : ['-']) {
      if (operand !== '-' && statusOf(this.#process, operand)?.type === 'directory') {
        failed = true;
        if (!this.#options.has('s')) await complain(this.#process, `${operand}: Is a directory`);
        continue;
      }
      const quiet = this.#options.has('s') && operand !== '-' && statusOf(this.#process, operand) === null;
      const inputs = new Inputs(this.#process, quiet ? ['/dev/null'] : [operand]);
      await this.#file(operand, inputs);
      failed ||= inputs.failed || quiet;
      if (this.#anyMatch && this.#options.has('q')) return 0;
    }
    if (failed) return this.#anyMatch && this.#options.has('q') ? 0 : 2;
    return this.#anyMatch ? 0 : 1;
  }

  async #file(operand: string, inputs: Inputs): Promise<void> {
    const options = this.#options;
    const name = operand === '-' ? '(standard input)' : operand;
    const silent = ['q', 'c', 'l', 'L'].some((letter) => options.has(letter));
    const invert = options.has('v');
    const recent: [number, string][] = [];
    let number = 0;
    let count = 0;
    let lastPrinted = 0;
    let trailing = 0;
    reading: for await (const { lines } of inputs.lines()) {
      let out = '';
      for (const line of lines) {
        number++;
        const matches = this.#matcher.find(line, options.has('o') && !invert);
        if (matches.length > 0 !== invert && count < this.#max) {
          count++;
          if (silent) {
            if (!options.has('c')) break reading;
            continue;
          }
          const firstShown = recent[0]?.[0] ?? number;
          const contexts = this.#before + this.#after > 0;
          if (contexts && (lastPrinted === 0 ? this.#printedBefore : firstShown > lastPrinted + 1))
            out += '--\n';
          for (const [at, text] of recent) out += this.#line(name, at, text, '-');
          recent.length = 0;
          if (options.has('o')) {
            for (const [start, end] of matches) {
              if (end > start) out += this.#line(name, number, line.slice(start, end), ':');
            }
          } else out += this.#line(name, number, line, ':');
          lastPrinted = number;
          trailing = this.#after;
          this.#printedBefore = true;
        } else if (trailing > 0 && !silent) {
          trailing--;
          out += this.#line(name, number, line, '-');
          lastPrinted = number;
        } else if (this.#before > 0) {
          recent.push([number, line]);
          if (recent.length > this.#before) recent.shift();
        }
        if (count >= this.#max && trailing === 0) {
          await this.#process.stdout.write(out);
          out = '';
          break reading;
        }
      }
      await this.#process.stdout.write(out);
    }
    this.#anyMatch ||= count > 0;
    await this.#summary(name, count);
  }

  async #summary(name: string, count: number): Promise<void> {
    const options = this.#options;
    if (options.has('q')) return;
    const listed = options.has('l') ? count > 0 : options.has('L') && count === 0;
    if (options.has('l') || options.has('L')) await this.#process.stdout.write(listed ? `${name}\n` : '');
    else if (options.has('c')) await this.#process.stdout.write(`${this.#named ? `${name}:` : ''}${count}\n`);
  }

  #line(name: string, number: number, text: string, separator: string): string {
    const file = this.#named ? `${name}${separator}` : '';
    return `${file}${this.#options.has('n') ? `${number}${separator}` : ''}${text}\n`;
  }
}
