import type { Process } from '#world/machine/program.ts';
import { Inputs } from '../inputs.ts';
import { parseOptions } from '../options.ts';
import { pathOf, tool, ToolError } from '../tool.ts';
import { unescape } from './awkLexer.ts';
import type { Completion } from './awkCalls.ts';
import { type AwkRule, parseAwk } from './awkParser.ts';
import { AwkState, fromOutside } from './awkState.ts';

export const awk = tool(async (process) => {
  const options = parseOptions(process.args, { letters: 'F:v:f:', stops: true, exitCode: 2 });
  const operands = [...options.operands];
  const sources = options.all('f').map((file) => process.files.read(pathOf(process, file)));
  if (sources.length === 0) {
    const program = operands.shift();
    if (program === undefined) {
      await process.stderr.write('Usage: awk [-F value] [-v var=value] [--] program text [file ...]\n');
      return 2;
    }
    sources.push(program);
  }
  const state = new AwkState(process);
  const separator = options.get('F');
  if (separator !== undefined) state.set('FS', separator === 't' ? '\t' : unescape(separator));
  for (const assignment of options.all('v')) assign(state, assignment);
  const run = new AwkRun(process, state, parseAwk(sources.join('\n')));
  return run.run(operands);
}, 2);

function assign(state: AwkState, assignment: string): void {
  const at = assignment.indexOf('=');
  if (at < 1) throw new ToolError(`improper assignment: -v ${assignment}`, 2);
  state.set(assignment.slice(0, at), fromOutside(unescape(assignment.slice(at + 1))));
}

function isAssignment(operand: string): boolean {
  return /^[A-Za-z_]\w*=/.test(operand);
}

class AwkRun {
  readonly #process: Process;
  readonly #state: AwkState;
  readonly #rules: readonly AwkRule[];
  readonly #opened = new Set<string>();

  constructor(process: Process, state: AwkState, rules: readonly AwkRule[]) {
    this.#process = process;
    this.#state = state;
    this.#rules = rules;
  }

  async run(operands: readonly string[]): Promise<number> {
    let exits = this.#special('BEGIN') === 'exit';
    await this.#flush();
    const reads = this.#rules.some((rule) => rule.pattern !== 'BEGIN');
    let failed = false;
    const plain = operands.some((operand) => !isAssignment(operand)) ? operands : [...operands, '-'];
    for (const operand of reads ? plain : []) {
      if (exits) break;
      if (isAssignment(operand)) {
        assign(this.#state, operand);
        continue;
      }
      const inputs = new Inputs(
        this.#process,
        [operand],
        (name, message) => `cannot open ${name} (${message})`,
      );
      exits = await this.#records(operand, inputs);
      failed ||= inputs.failed;
    }
    if (reads) this.#special('END');
    await this.#flush();
    return this.#state.exitCode === 0 && failed ? 2 : this.#state.exitCode;
  }

  #special(when: 'BEGIN' | 'END'): Completion {
    this.#state.setRecordText(when === 'BEGIN' ? '' : this.#lastRecord);
    for (const rule of this.#rules) {
      if (rule.pattern === when && rule.action(this.#state) === 'exit') return 'exit';
    }
    return 'normal';
  }

  #lastRecord = '';
  #count = 0;

  /** Runs the rules on each record; true when the program wants to end. */
  async #records(name: string, inputs: Inputs): Promise<boolean> {
    const state = this.#state;
    state.set('FILENAME', name === '-' ? '' : name);
    let inFile = 0;
    for await (const { lines } of this.#recordBatches(inputs)) {
      for (const line of lines) {
        state.set('NR', ++this.#count);
        state.set('FNR', ++inFile);
        state.setRecord(line);
        this.#lastRecord = line;
        if (this.#rulesOn() === 'exit') return true;
      }
      await this.#flush();
    }
    return false;
  }

  #rulesOn(): Completion {
    for (const { pattern, action } of this.#rules) {
      if (typeof pattern === 'string' || !pattern(this.#state)) continue;
      const completion = action(this.#state);
      if (completion === 'next') return 'normal';
      if (completion === 'exit') return completion;
    }
    return 'normal';
  }

  /** Lines; or with another RS, the pieces between separators (an empty one: paragraphs). */
  async *#recordBatches(
    inputs: Inputs,
  ): AsyncGenerator<{ readonly name: string; readonly lines: readonly string[] }> {
    const separator = this.#state.text('RS');
    if (separator === '\n') return yield* inputs.lines();
    for await (const { name, text } of inputs.texts()) {
      const trimmed = text.replace(/\n$/, '');
      const lines = separator === '' ? trimmed.replace(/^\n+/, '').split(/\n\n+/) : text.split(separator);
      if (lines.at(-1) === '' || lines.at(-1) === '\n') lines.pop();
      yield { name, lines };
    }
  }

  async #flush(): Promise<void> {
    const { out, files } = this.#state;
    this.#state.out = '';
    await this.#process.stdout.write(out);
    for (const [path, { text, append }] of files) {
      if (path === '/dev/stderr') await this.#process.stderr.write(text);
      else {
        const absolute = pathOf(this.#process, path);
        if (append || this.#opened.has(path)) this.#process.files.append(absolute, text);
        else this.#process.files.write(absolute, text);
        this.#opened.add(path);
      }
    }
    files.clear();
  }
}
