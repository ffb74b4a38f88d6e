// Upstream: Go's text/template/exec, cli-runtime/pkg/printers/template.go
import { decodeBase64 } from '#kubernetes/api/base64.ts';
import { CommandError } from '../errors.ts';
import { goFormat } from './goFormat.ts';
import { parseTemplate, type Operand, type Pipeline, type TemplateNode } from './goTemplateParser.ts';

class TemplateError extends Error {}

/** Prints an object through a Go template. A missing key is `<no value>` unless `allowMissingKeys` is false. */
export function goTemplate(template: string, allowMissingKeys: boolean): (object: unknown) => string {
  const nodes = parseTemplate(template);
  return (object) => {
    try {
      const run = new Run(allowMissingKeys);
      run.variables.push(['$', object]);
      run.execute(nodes, object);
      return run.out;
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      throw new CommandError(
        `error executing template ${JSON.stringify(template)}: template: output:1: executing "output" ${error.message}`,
      );
    }
  };
}

function isTrue(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0;
  return Boolean(value);
}

function show(value: unknown): string {
  return value === undefined || value === null ? '<no value>' : goFormat(value);
}

function compare(a: unknown, b: unknown): number {
  return (a as number) < (b as number) ? -1 : (a as number) > (b as number) ? 1 : 0;
}

/** `printf` with the verbs that templates use. */
function sprintf(format: string, args: readonly unknown[]): string {
  let at = 0;
  return format.replace(
    /%(-?)(\d*)(?:\.(\d+))?([vsdqtf%])/g,
    (_, left: string, width: string, places: string | undefined, verb: string) => {
      if (verb === '%') return '%';
      const value = args[at++];
      const text =
        verb === 'q'
          ? JSON.stringify(goFormat(value))
          : verb === 'f'
            ? Number(value).toFixed(Number(places ?? 6))
            : goFormat(value);
      return left ? text.padEnd(Number(width)) : text.padStart(Number(width));
    },
  );
}

function decode(value: unknown): string {
  const bytes = decodeBase64(goFormat(value));
  if (!bytes) throw new TemplateError('at <base64decode>: error calling base64decode: base64 decode failed');
  return decodeURIComponent([...bytes].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''));
}

const functions: Readonly<Record<string, (...args: unknown[]) => unknown>> = {
  and: (...args) => args.find((value) => !isTrue(value)) ?? args.at(-1),
  or: (...args) => args.find(isTrue) ?? args.at(-1),
  not: (value) => !isTrue(value),
  len: (value) =>
    typeof value === 'object' && value !== null ? Object.keys(value).length : goFormat(value).length,
  index: (value, ...keys) =>
    keys.reduce((inner, key) => (inner as Record<string, unknown> | undefined)?.[key as string], value),
  slice: (value, from = 0, to) => (value as string).slice(from as number, to as number | undefined),
  print: (...args) => args.map(goFormat).join(''),
  println: (...args) => `${args.map(goFormat).join(' ')}\n`,
  printf: (format, ...args) => sprintf(format as string, args),
  eq: (first, ...others) => others.includes(first),
  ne: (a, b) => a !== b,
  lt: (a, b) => compare(a, b) < 0,
  le: (a, b) => compare(a, b) <= 0,
  gt: (a, b) => compare(a, b) > 0,
  ge: (a, b) => compare(a, b) >= 0,
  exists: (value, ...keys) => functions['index']!(value, ...keys) !== undefined,
  base64decode: decode,
};

/** One run of a template over one object. */
class Run {
  out = '';
  /** The variables in scope, innermost last. */
  readonly variables: [string, unknown][] = [];
  readonly #allowMissingKeys: boolean;

  constructor(allowMissingKeys: boolean) {
    this.#allowMissingKeys = allowMissingKeys;
  }

  execute(nodes: readonly TemplateNode[], dot: unknown): void {
    for (const node of nodes) {
      if (node.is === 'text') this.out += node.text;
      else if (node.is === 'print') {
        const value = this.#pipeline(node.pipeline, dot);
        if (node.pipeline.declares.length === 0) this.out += show(value);
      } else this.#control(node, dot);
    }
  }

  #control(
    { is, pipeline, body, otherwise }: Exclude<TemplateNode, { is: 'text' | 'print' }>,
    dot: unknown,
  ): void {
    const scope = this.variables.length;
    const value = this.#pipeline(is === 'range' ? { ...pipeline, declares: [] } : pipeline, dot);
    if (!isTrue(value)) this.execute(otherwise, dot);
    else if (is === 'range') this.#range(value, pipeline.declares, body);
    else this.execute(body, is === 'with' ? value : dot);
    this.variables.length = scope;
  }

  #range(value: unknown, declares: readonly string[], body: readonly TemplateNode[]): void {
    const entries: [unknown, unknown][] = Array.isArray(value)
      ? value.map((item: unknown, i) => [i, item])
      : Object.entries(value as object).sort(([a], [b]) => (a < b ? -1 : 1));
    for (const [key, item] of entries) {
      const scope = this.variables.length;
      const names = declares.length === 2 ? [key, item] : [item];
      declares.forEach((name, i) => this.variables.push([name, names[i]]));
      this.execute(body, item);
      this.variables.length = scope;
    }
  }

  #pipeline({ declares, commands }: Pipeline, dot: unknown): unknown {
    let value: unknown;
    commands.forEach((command, i) => {
      value = this.#command(command, dot, i === 0 ? [] : [value]);
    });
    for (const name of declares) this.variables.push([name, value]);
    return value;
  }

  #command([first, ...rest]: readonly Operand[], dot: unknown, piped: readonly unknown[]): unknown {
    if (first!.is !== 'function') return this.#operand(first!, dot);
    const call = functions[first!.name];
    if (!call) throw new TemplateError(`: function ${JSON.stringify(first!.name)} not defined`);
    return call(...rest.map((operand) => this.#operand(operand, dot)), ...piped);
  }

  #operand(operand: Operand, dot: unknown): unknown {
    switch (operand.is) {
      case 'literal':
        return operand.value;
      case 'field':
        return this.#walk(dot, operand.path);
      case 'variable': {
        const found = this.variables.findLast(([name]) => name === operand.name);
        if (!found) throw new TemplateError(`: undefined variable ${JSON.stringify(operand.name)}`);
        return this.#walk(found[1], operand.path);
      }
      case 'group':
        return this.#walk(this.#pipeline(operand.pipeline, dot), operand.path);
      case 'function':
        return this.#command([operand], dot, []);
    }
  }

  #walk(value: unknown, path: readonly string[]): unknown {
    let inner = value;
    for (const key of path) {
      if (typeof inner !== 'object' || inner === null) {
        if (inner === undefined || inner === null) return undefined;
        throw new TemplateError(
          `at <.${path.join('.')}>: can't evaluate field ${key} in type ${typeof inner}`,
        );
      }
      inner = (inner as Record<string, unknown>)[key];
      if (inner === undefined && !this.#allowMissingKeys) {
        throw new TemplateError(`at <.${path.join('.')}>: map has no entry for key ${JSON.stringify(key)}`);
      }
    }
    return inner;
  }
}
