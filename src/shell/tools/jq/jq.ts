import type { Process } from '#world/machine/program.ts';
import { Inputs, linesOf } from '../inputs.ts';
import { type Options, parseOptions } from '../options.ts';
import { complain, pathOf, tool, ToolError } from '../tool.ts';
import { JqInterpreter } from './jqInterpreter.ts';
import { parseJq } from './jqParser.ts';
import type { JqNode, JqValue } from './jqTree.ts';
import { isTruthy, JqError, toJson } from './jqValues.ts';

const long = {
  'raw-output': 'r',
  'compact-output': 'c',
  'null-input': 'n',
  slurp: 's',
  'sort-keys': 'S',
  'exit-status': 'e',
  'raw-input': 'R',
  'join-output': 'j',
  tab: 't',
  indent: 'i:',
  'from-file': 'f',
  'monochrome-output': '',
  'color-output': '',
};

export const jq = tool(async (process) => {
  const { variables, rest } = takeVariables(process);
  const options = parseOptions(rest, {
    letters: 'rcnsSeRjtaCMi:f:',
    long: { ...long, indent: 'i' },
    exitCode: 2,
  });
  const operands = [...options.operands];
  const file = options.get('f');
  const source = file === undefined ? operands.shift() : process.files.read(pathOf(process, file));
  if (source === undefined) {
    await process.stderr.write('jq: error: no filter given\nUsage:\tjq [OPTIONS] FILTER [FILES...]\n');
    return 2;
  }
  const run = new JqRun(process, options, parseJq(source), variables);
  return run.run(operands);
}, 2);

/** `--arg name text` and `--argjson name json` take two arguments each, which getopt does not know. */
function takeVariables(process: Process): { variables: Map<string, JqValue>; rest: string[] } {
  const variables = new Map<string, JqValue>([['ENV', Object.fromEntries(process.environment)]]);
  const named: Record<string, JqValue> = {};
  const rest: string[] = [];
  for (let index = 0; index < process.args.length; index++) {
    const arg = process.args[index]!;
    if (arg !== '--arg' && arg !== '--argjson') {
      rest.push(arg);
      continue;
    }
    const [name, text] = [process.args[++index], process.args[++index]];
    if (name === undefined || text === undefined) {
      throw new ToolError(`error: ${arg} takes two parameters (e.g. ${arg} varname value)`, 2);
    }
    try {
      named[name] = arg === '--arg' ? text : (JSON.parse(text) as JqValue);
    } catch {
      throw new ToolError(`error: Invalid JSON text passed to --${arg.slice(2)}`, 2);
    }
    variables.set(name, named[name]);
  }
  variables.set('named', named);
  variables.set('__prog_args', []);
  return { variables, rest };
}

class JqRun {
  readonly #process: Process;
  readonly #options: Options;
  readonly #filter: JqNode;
  readonly #variables: ReadonlyMap<string, JqValue>;
  readonly #reader = new JsonReader();
  #status = 0;
  #last: JqValue | undefined;

  constructor(process: Process, options: Options, filter: JqNode, variables: ReadonlyMap<string, JqValue>) {
    this.#process = process;
    this.#options = options;
    this.#filter = filter;
    this.#variables = variables;
  }

  async run(operands: readonly string[]): Promise<number> {
    const options = this.#options;
    const inputs = new Inputs(
      this.#process,
      operands,
      (name, message) => `error: Could not open file ${name}: ${message}`,
    );
    const whole = options.has('n') || options.has('s') || /\binputs?\b/.test(JSON.stringify(this.#filter));
    const values: JqValue[] = [];
    const reader = this.#reader;
    const take = async (texts: readonly string[]) => {
      for (const text of texts) {
        const value = options.has('R') ? text : reader.parse(text);
        if (whole) values.push(value);
        else await this.#filterOne(value, [].values());
      }
    };
    try {
      for await (const { text } of inputs.pieces()) {
        if (options.has('R') && options.has('s')) values.push(text);
        else await take(options.has('R') ? reader.lines(text) : reader.values(text));
      }
      await take(options.has('R') ? reader.restLines() : reader.restValues());
      if (options.has('s')) {
        const slurped: JqValue = options.has('R') ? values.map(String).join('') : values;
        await this.#filterOne(slurped, [].values());
      } else if (whole) {
        const iterator = values.values();
        if (options.has('n')) await this.#filterOne(null, iterator);
        else for (const value of iterator) await this.#filterOne(value, iterator);
      }
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      await complain(this.#process, `error (at <stdin>:${reader.line}): ${error.message}`);
      return 2;
    }
    if (this.#status !== 0) return this.#status;
    if (inputs.failed) return 2;
    if (!options.has('e')) return 0;
    return this.#last === undefined ? 4 : isTruthy(this.#last) ? 0 : 1;
  }

  async #filterOne(input: JqValue, inputs: Iterator<JqValue>): Promise<void> {
    const interpreter = new JqInterpreter(this.#variables, inputs, () => this.#process.simulation.nowMs);
    let out = '';
    try {
      for (const value of interpreter.run(this.#filter, input)) {
        this.#last = value;
        out += this.#shown(value);
        if (out.length < 16_384) continue;
        await this.#process.stdout.write(out);
        out = '';
      }
    } catch (error) {
      if (!(error instanceof JqError)) throw error;
      await this.#process.stdout.write(out);
      out = '';
      const place = this.#options.has('n') ? '<unknown>' : `<stdin>:${this.#reader.line}`;
      const text =
        typeof error.value === 'string' ? `: ${error.message}` : ` (not a string): ${toJson(error.value)}`;
      await complain(this.#process, `error (at ${place})${text}`);
      this.#status = 5;
    }
    await this.#process.stdout.write(out);
  }

  #shown(value: JqValue): string {
    const options = this.#options;
    const raw = options.has('r') || options.has('j');
    const newline = options.has('j') ? '' : '\n';
    if (raw && typeof value === 'string') return value + newline;
    const indent = options.has('t') ? '\t' : ' '.repeat(options.number('i', 2, 'Cannot indent'));
    return toJson(value, options.has('c') || indent === '' ? null : indent, options.has('S')) + newline;
  }
}

/** Finds whole JSON values, or lines, in text that comes in pieces. */
class JsonReader {
  line = 0;
  #rest = '';

  /** The texts of the values that are whole by now. */
  values(piece: string): string[] {
    this.#rest += piece;
    this.line += piece.split('\n').length - 1;
    const texts: string[] = [];
    for (let end = endOfValue(this.#rest); end > 0; end = endOfValue(this.#rest)) {
      texts.push(this.#rest.slice(0, end));
      this.#rest = this.#rest.slice(end);
    }
    return texts;
  }

  restValues(): string[] {
    return this.#rest.trim() === '' ? [] : [this.#rest];
  }

  lines(piece: string): string[] {
    this.#rest += piece;
    const end = this.#rest.lastIndexOf('\n') + 1;
    const lines = linesOf(this.#rest.slice(0, end));
    this.#rest = this.#rest.slice(end);
    return lines;
  }

  restLines(): string[] {
    return this.#rest === '' ? [] : [this.#rest];
  }

  /** Throws SyntaxError in jq's words. */
  parse(text: string): JqValue {
    try {
      return JSON.parse(text) as JqValue;
    } catch {
      const start = text.trim();
      const open = /^[[{"]/.test(start) && endOfValue(`${start} `) === 0;
      throw new SyntaxError(
        open
          ? `Unfinished JSON term at EOF at line ${this.line + 1}, column 0`
          : `Invalid literal at line ${Math.max(1, this.line)}, column ${Math.min(start.length, 10)}`,
      );
    }
  }
}

/** Where the first value in `text` ends; 0 while it is not whole. */
function endOfValue(text: string): number {
  let depth = 0;
  let inString = false;
  let started = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    if (inString) {
      if (character === '\\') at++;
      else if (character === '"') inString = false;
      if (!inString && depth === 0) return at + 1;
      continue;
    }
    if (character === '"') {
      if (started && depth === 0) return at;
      inString = started = true;
    } else if (character === '{' || character === '[') {
      if (started && depth === 0) return at;
      depth++;
      started = true;
    } else if (character === '}' || character === ']') {
      if (--depth <= 0) return at + 1;
    } else if (' \t\r\n'.includes(character)) {
      if (started && depth === 0) return at;
    } else started = true;
  }
  return 0;
}
