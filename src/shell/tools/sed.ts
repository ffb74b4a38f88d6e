import type { Regex } from '#text/regex.ts';
import { pathOf, tool, ToolError } from './tool.ts';
import { Inputs } from './inputs.ts';
import { parseOptions } from './options.ts';
import { parseSed, type SedAddress, type SedCommand } from './sedScript.ts';

/** Commands that sed runs on one line before it is taken to loop for ever. */
const commandsPerLineMax = 100_000;

export const sed = tool(async (process) => {
  const options = parseOptions(process.args, {
    letters: 'nEre:f:isz',
    long: {
      quiet: 'n',
      silent: 'n',
      'regexp-extended': 'E',
      expression: 'e',
      'in-place': 'i',
      separate: 's',
    },
  });
  const operands = [...options.operands];
  const scripts = [...options.all('e')];
  for (const file of options.all('f')) scripts.push(process.files.read(pathOf(process, file)));
  if (scripts.length === 0) {
    const script = operands.shift();
    if (script === undefined) {
      await process.stderr.write('Usage: sed [OPTION]... {script-only-if-no-other-script} [input-file]...\n');
      return 1;
    }
    scripts.push(script);
  }
  const syntax = options.has('E') || options.has('r') ? 'extended' : 'basic';
  const commands = parseSed(scripts.join('\n'), syntax);
  const quiet = options.has('n');
  const wording = (operand: string, message: string) => `can't read ${operand}: ${message}`;
  if (options.has('i')) {
    let failed = false;
    for (const operand of operands) {
      const inputs = new Inputs(process, [operand], wording);
      const editor = new SedEditor(commands, quiet);
      let out = '';
      for await (const batch of inputs.lines()) out += editor.lines(batch.lines, batch.open);
      if (!inputs.failed) process.files.write(pathOf(process, operand), out + editor.finish());
      failed ||= inputs.failed;
    }
    return failed ? 2 : 0;
  }
  const inputs = new Inputs(process, operands, wording);
  const editor = new SedEditor(commands, quiet);
  for await (const batch of inputs.lines()) {
    await process.stdout.write(editor.lines(batch.lines, batch.open));
    if (editor.exitCode !== null) return editor.exitCode;
  }
  await process.stdout.write(editor.finish());
  return editor.exitCode ?? (inputs.failed ? 2 : 0);
});

/** How far the script looks ahead: `$` must know the last line, `n` and `N` take the next ones. */
function linesAhead(commands: readonly SedCommand[]): number {
  const takers = commands.filter((command) => 'nN'.includes(command.name)).length;
  if (takers > 0 && commands.some((command) => 'btT'.includes(command.name))) return Infinity;
  const last = commands.some((command) => command.addresses.some((address) => address.type === 'last'));
  return takers + (last ? 1 : 0);
}

/** Runs a script over lines. */
class SedEditor {
  exitCode: number | null = null;
  readonly #commands: readonly SedCommand[];
  readonly #quiet: boolean;
  /** Lines that must wait behind one before it runs. */
  readonly #ahead: number;
  readonly #active = new Set<SedCommand>();
  readonly #rangeEnds = new Map<SedCommand, number>();
  readonly #waiting: { readonly line: string; readonly open: boolean }[] = [];
  #pattern = '';
  #hold = '';
  #number = 0;
  #out = '';
  #appended = '';
  #lastRegex: Regex | null = null;
  /** True when an `s` has changed something since the line came in, or the last `t`. */
  #substituted = false;

  constructor(commands: readonly SedCommand[], quiet: boolean) {
    this.#commands = commands;
    this.#ahead = linesAhead(commands);
    this.#quiet = quiet;
  }

  /** What comes out once these lines have come in. */
  lines(lines: readonly string[], open: boolean): string {
    lines.forEach((line, index) => this.#waiting.push({ line, open: open && index === lines.length - 1 }));
    while (this.#waiting.length > this.#ahead && this.exitCode === null) this.#cycle(false);
    return this.#take();
  }

  finish(): string {
    while (this.#waiting.length > 0 && this.exitCode === null) this.#cycle(true);
    return this.#take();
  }

  #take(): string {
    const out = this.#out;
    this.#out = '';
    return out;
  }

  #cycle(ending: boolean): void {
    const next = this.#waiting.shift()!;
    this.#pattern = next.line;
    this.#number++;
    const print = this.#run(ending) && !this.#quiet;
    const newline = next.open && this.#waiting.length === 0 ? '' : '\n';
    if (print) this.#out += this.#pattern + newline;
    this.#out += this.#appended;
    this.#appended = '';
  }

  /** Runs the script on the pattern space; whether it is printed at the end. */
  #run(ending: boolean): boolean {
    this.#substituted = false;
    let steps = 0;
    for (let index = 0; index < this.#commands.length; index++) {
      if (++steps > commandsPerLineMax)
        throw new ToolError('too many commands for one line; is there a loop?', 4);
      const command = this.#commands[index]!;
      if (this.#selects(command, ending) === command.negated) {
        if (command.name === '{') index = command.target;
        continue;
      }
      switch (command.name) {
        case 'd':
          return false;
        case 'D': {
          const newline = this.#pattern.indexOf('\n');
          if (newline < 0) return false;
          this.#pattern = this.#pattern.slice(newline + 1);
          index = -1;
          break;
        }
        case 'c':
          if (!this.#active.has(command)) this.#out += `${command.text}\n`;
          return false;
        case 'n':
          if (!this.#advance(ending)) return true;
          break;
        case 'N':
          if (!this.#join()) return true;
          break;
        case 'q':
        case 'Q':
          this.exitCode = Number(command.text || 0);
          return command.name === 'q';
        case 'b':
        case 't':
        case 'T':
          if (command.name === 'b' || this.#substituted === (command.name === 't')) index = command.target;
          if (command.name !== 'b') this.#substituted = false;
          break;
        default:
          this.#edit(command);
      }
    }
    return true;
  }

  /** Commands after which the next one follows. */
  #edit(command: SedCommand): void {
    switch (command.name) {
      case 's':
        if (this.#substitute(command)) this.#substituted = true;
        break;
      case 'y':
        this.#pattern = this.#pattern.replace(/[^]/g, (character) => {
          const at = command.text.indexOf(character);
          return at < 0 ? character : command.replacement[at]!;
        });
        break;
      case 'p':
        this.#out += `${this.#pattern}\n`;
        break;
      case 'P':
        this.#out += `${this.#pattern.split('\n')[0]}\n`;
        break;
      case 'h':
        this.#hold = this.#pattern;
        break;
      case 'H':
        this.#hold += `\n${this.#pattern}`;
        break;
      case 'g':
        this.#pattern = this.#hold;
        break;
      case 'G':
        this.#pattern += `\n${this.#hold}`;
        break;
      case 'x':
        [this.#pattern, this.#hold] = [this.#hold, this.#pattern];
        break;
      case 'a':
        this.#appended += `${command.text}\n`;
        break;
      case 'i':
        this.#out += `${command.text}\n`;
        break;
      case '=':
        this.#out += `${this.#number}\n`;
    }
  }

  /** `N`: adds the next line; false, and the end, when there is none. */
  #join(): boolean {
    const next = this.#waiting.shift();
    if (next === undefined) {
      this.exitCode = 0;
      return false;
    }
    this.#number++;
    this.#pattern += `\n${next.line}`;
    return true;
  }

  #advance(ending: boolean): boolean {
    const next = this.#waiting.shift();
    if (next === undefined) {
      if (ending) this.exitCode = 0;
      return false;
    }
    if (!this.#quiet) this.#out += `${this.#pattern}\n`;
    this.#pattern = next.line;
    this.#number++;
    return true;
  }

  #selects(command: SedCommand, ending: boolean): boolean {
    const [first, second] = command.addresses;
    if (first === undefined) return true;
    const last = ending && this.#waiting.length === 0;
    if (second === undefined) return this.#matches(first, last);
    if (!this.#active.has(command)) {
      if (!this.#matches(first, last)) return false;
      if (second.type === 'number' && second.line <= this.#number) return true;
      if (second.type === 'offset') this.#rangeEnds.set(command, this.#number + second.line);
      if (second.type !== 'offset' || second.line > 0) this.#active.add(command);
      return true;
    }
    const ended =
      second.type === 'offset'
        ? this.#number >= this.#rangeEnds.get(command)!
        : second.type === 'number'
          ? this.#number >= second.line
          : this.#matches(second, last);
    if (ended) this.#active.delete(command);
    return true;
  }

  #matches(address: SedAddress, last: boolean): boolean {
    switch (address.type) {
      case 'number':
        return this.#number === address.line;
      case 'last':
        return last;
      case 'step':
        return address.step === 0
          ? this.#number === address.line
          : this.#number >= address.line && (this.#number - address.line) % address.step === 0;
      case 'regex':
        return this.#regex(address.regex).test(this.#pattern);
      case 'offset':
        return false;
    }
  }

  /** An empty pattern means the last one used. */
  #regex(regex: Regex | null): Regex {
    const used = regex ?? this.#lastRegex;
    if (used === null) throw new ToolError('-e expression #1, char 0: no previous regular expression');
    this.#lastRegex = used;
    return used;
  }

  #substitute(command: SedCommand): boolean {
    const text = this.#pattern;
    const which = command.occurrence;
    let result = '';
    let from = 0;
    let count = 0;
    let done = false;
    for (const match of this.#regex(command.regex).all(text)) {
      count++;
      if (count < which) continue;
      result += text.slice(from, match.start) + replacementOf(command.replacement, match.groups);
      from = match.end;
      done = true;
      if (!command.everywhere) break;
    }
    if (!done) return false;
    this.#pattern = result + text.slice(from);
    if (command.prints) this.#out += `${this.#pattern}\n`;
    return true;
  }
}

/** Fills `&`, `\1` and `\U…\E` in. */
function replacementOf(template: string, groups: readonly (string | undefined)[]): string {
  let out = '';
  let change: (text: string) => string = (text) => text;
  let once: ((text: string) => string) | null = null;
  const add = (text: string) => {
    if (text === '') return;
    out += once === null ? change(text) : once(text.slice(0, 1)) + change(text.slice(1));
    once = null;
  };
  for (let at = 0; at < template.length; at++) {
    const character = template[at]!;
    if (character === '&') add(groups[0] ?? '');
    else if (character !== '\\') add(character);
    else {
      const next = template[++at] ?? '\\';
      if (/\d/.test(next)) add(groups[Number(next)] ?? '');
      else if (next === 'U') change = (text) => text.toUpperCase();
      else if (next === 'L') change = (text) => text.toLowerCase();
      else if (next === 'E') change = (text) => text;
      else if (next === 'u') once = (text) => text.toUpperCase();
      else if (next === 'l') once = (text) => text.toLowerCase();
      else add({ n: '\n', t: '\t', r: '\r' }[next] ?? next);
    }
  }
  return out;
}
