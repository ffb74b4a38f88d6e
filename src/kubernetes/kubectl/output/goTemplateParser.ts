// Upstream: Go's text/template/parse (pipelines, if, range, with; no nested templates)
import { CommandError } from '../errors.ts';

/** One operand or call of a pipeline. */
export type Operand =
  | { readonly is: 'literal'; readonly value: unknown }
  | { readonly is: 'field'; readonly path: readonly string[] }
  | { readonly is: 'variable'; readonly name: string; readonly path: readonly string[] }
  | { readonly is: 'function'; readonly name: string }
  | { readonly is: 'group'; readonly pipeline: Pipeline; readonly path: readonly string[] };

/** Commands joined by `|`, with the variables that take the result. */
export interface Pipeline {
  readonly declares: readonly string[];
  readonly commands: readonly (readonly Operand[])[];
}

export type TemplateNode =
  | { readonly is: 'text'; readonly text: string }
  | { readonly is: 'print'; readonly pipeline: Pipeline }
  | {
      readonly is: 'if' | 'range' | 'with';
      readonly pipeline: Pipeline;
      readonly body: readonly TemplateNode[];
      readonly otherwise: readonly TemplateNode[];
    };

const token =
  /\s*(?:("(?:[^"\\]|\\.)*"|`[^`]*`)|('(?:[^'\\]|\\.)')|(-?\d+(?:\.\d+)?)|(\$\w*)|((?:\.\w+)+|\.)|(:=|=|\||\(|\)|,)|([A-Za-z_]\w*))/y;

interface Token {
  readonly kind: 'string' | 'number' | 'variable' | 'field' | 'sign' | 'word';
  readonly text: string;
}

function fail(why: string): never {
  throw new SyntaxError(why);
}

function tokenize(action: string): Token[] {
  const kinds = ['string', 'string', 'number', 'variable', 'field', 'sign', 'word'] as const;
  const tokens: Token[] = [];
  token.lastIndex = 0;
  while (token.lastIndex < action.length && /\S/.test(action.slice(token.lastIndex))) {
    const start = token.lastIndex;
    const match = token.exec(action);
    if (!match) return fail(`unexpected ${JSON.stringify(action.slice(start).trim()[0])} in operand`);
    const at = match.slice(1).findIndex((part) => part !== undefined);
    tokens.push({ kind: kinds[at]!, text: match[at + 1]! });
  }
  return tokens;
}

class ActionParser {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(action: string) {
    this.#tokens = tokenize(action);
  }

  get #next(): Token | undefined {
    return this.#tokens[this.#at];
  }

  pipeline(until = ''): Pipeline {
    const declares = this.#declarations();
    const commands: Operand[][] = [[]];
    while (this.#next && this.#next.text !== until) {
      if (this.#next.text === '|') {
        this.#at++;
        commands.push([]);
      } else commands.at(-1)!.push(this.#operand());
    }
    if (commands.some((command) => command.length === 0)) fail('missing value for command');
    return { declares, commands };
  }

  #declarations(): string[] {
    const end = this.#tokens.findIndex(({ text }) => text === ':=' || text === '=');
    if (end < 0 || this.#at !== 0) return [];
    this.#at = end + 1;
    return this.#tokens
      .slice(0, end)
      .filter(({ kind }) => kind === 'variable')
      .map(({ text }) => text);
  }

  #operand(): Operand {
    const { kind, text } = this.#tokens[this.#at++]!;
    if (text === '(' && kind === 'sign') {
      const pipeline = new ActionParser('').#within(this, ')');
      return { is: 'group', pipeline, path: this.#path() };
    }
    switch (kind) {
      case 'string':
        return { is: 'literal', value: text.startsWith('`') ? text.slice(1, -1) : unquote(text) };
      case 'number':
        return { is: 'literal', value: Number(text) };
      case 'field':
        return { is: 'field', path: text.split('.').filter((part) => part !== '') };
      case 'variable':
        return { is: 'variable', name: text, path: this.#path() };
      case 'word':
        if (text === 'true' || text === 'false') return { is: 'literal', value: text === 'true' };
        return text === 'nil' ? { is: 'literal', value: null } : { is: 'function', name: text };
      default:
        return fail(`unexpected ${JSON.stringify(text)} in operand`);
    }
  }

  /** Parses what stands in parentheses of `outer`, and steps over the closing one. */
  #within(outer: ActionParser, close: string): Pipeline {
    const commands: Operand[][] = [[]];
    while (outer.#next && outer.#next.text !== close) {
      if (outer.#next.text === '|') {
        outer.#at++;
        commands.push([]);
      } else commands.at(-1)!.push(outer.#operand());
    }
    if (!outer.#next) fail('unclosed left paren');
    outer.#at++;
    return { declares: [], commands };
  }

  /** A field chain that follows a variable or a group. */
  #path(): string[] {
    if (this.#next?.kind !== 'field' || this.#next.text === '.') return [];
    return this.#tokens[this.#at++]!.text.split('.').filter((part) => part !== '');
  }
}

function unquote(text: string): string {
  const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };
  return text.slice(1, -1).replace(/\\(.)/g, (_, char: string) => escapes[char] ?? char);
}

/** A template as nodes. Throws a CommandError for one that is not well formed. */
export function parseTemplate(template: string): TemplateNode[] {
  try {
    return parseNodes(template);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new CommandError(`error parsing template ${template}, template: output:1: ${error.message}`);
  }
}

function parseNodes(template: string): TemplateNode[] {
  const parts = template.split(/(\{\{-?\s*\/\*[\s\S]*?\*\/\s*-?\}\}|\{\{[\s\S]*?\}\})/);
  for (let i = 1; i < parts.length; i += 2) {
    if (parts[i]!.startsWith('{{-')) parts[i - 1] = parts[i - 1]!.trimEnd();
    if (parts[i]!.endsWith('-}}')) parts[i + 1] = parts[i + 1]!.trimStart();
  }
  let at = 0;
  const nodes = block(false);
  return nodes;

  /** Nodes up to `else` or `end`, which it leaves as the part before `at`. */
  function block(nested: boolean): TemplateNode[] {
    const found: TemplateNode[] = [];
    for (; at < parts.length; at++) {
      const part = parts[at]!;
      if (at % 2 === 0) {
        if (part.includes('{{')) fail('unclosed action');
        if (part !== '') found.push({ is: 'text', text: part });
        continue;
      }
      const action = part.replace(/^\{\{-?\s*/, '').replace(/\s*-?\}\}$/, '');
      const [, word = '', rest = ''] = /^(if|range|with|else|end)\b\s*([\s\S]*)$/.exec(action) ?? [];
      if (action.startsWith('/*')) continue;
      if (word === 'end' || word === 'else') {
        if (!nested) fail(`unexpected {{${word}}}`);
        return found;
      }
      found.push(
        word === ''
          ? { is: 'print', pipeline: new ActionParser(action).pipeline() }
          : control(word as 'if', rest),
      );
    }
    if (nested) fail('unexpected EOF');
    return found;
  }

  function control(is: 'if' | 'range' | 'with', condition: string): TemplateNode {
    const pipeline = new ActionParser(condition).pipeline();
    at++;
    const body = block(true);
    const stop = parts[at]!.replace(/^\{\{-?\s*/, '').replace(/\s*-?\}\}$/, '');
    if (stop === 'end') return { is, pipeline, body, otherwise: [] };
    const chained = /^else\s+(if|with)\s+([\s\S]*)$/.exec(stop);
    if (chained)
      return { is, pipeline, body, otherwise: [control(chained[1] as 'if' | 'with', chained[2]!)] };
    at++;
    return { is, pipeline, body, otherwise: block(true) };
  }
}
