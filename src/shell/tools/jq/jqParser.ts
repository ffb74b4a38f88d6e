import { ToolError } from '../tool.ts';
import { combine, type JqDefinition, type JqNode, type JqPattern, levels, literal } from './jqTree.ts';

interface Token {
  readonly type: 'number' | 'string' | 'name' | 'field' | 'variable' | 'format' | 'operator' | 'end';
  readonly text: string;
  readonly parts?: readonly (string | JqNode)[];
}

const tokenPattern =
  /(?:(?:\s+|#[^\n]*)*)(?:(\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+(?:[eE][-+]?\d+)?)|(\.[A-Za-z_]\w*)|(\$__loc__|\$[A-Za-z_]\w*(?:::\w+)*)|(@[a-z0-9]+)|([A-Za-z_]\w*(?:::\w+)*)|(\?\/\/=?|\/\/=|\|=|\+=|-=|\*=|\/=|%=|==|!=|<=|>=|\/\/|\.\.|[-+*/%=<>|,.:;?()[\]{}"]))/y;

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f' };

/** Parses a filter, with definitions before it. Throws ToolError in jq's words. */
export function parseJq(source: string): JqNode {
  return new JqParser(source).whole();
}

/** Parses a text of definitions only. */
export function parseDefinitions(source: string): JqDefinition[] {
  const parser = new JqParser(source);
  const definitions: JqDefinition[] = [];
  while (!parser.ended) definitions.push(parser.definition());
  return definitions;
}

function compileError(message: string): ToolError {
  return new ToolError(`error: ${message}\njq: 1 compile error`, 3);
}

class JqParser {
  readonly #source: string;
  #at = 0;
  #token: Token;
  #depth = 0;

  constructor(source: string) {
    this.#source = source;
    this.#token = this.#read();
  }

  get ended(): boolean {
    return this.#token.type === 'end';
  }

  whole(): JqNode {
    const body = this.ended ? ({ type: 'identity' } as const) : this.#pipe();
    if (!this.ended) throw this.#unexpected();
    return body;
  }

  definition(): JqDefinition {
    this.#need('def');
    const name = this.#next().text;
    const parameters: string[] = [];
    const values: string[] = [];
    if (this.#takes('(')) {
      do {
        const parameter = this.#next();
        parameters.push(parameter.text.replace(/^\$/, ''));
        if (parameter.type === 'variable') values.push(parameter.text.slice(1));
      } while (this.#takes(';'));
      this.#need(')');
    }
    this.#need(':');
    let body = this.#pipe();
    this.#need(';');
    // `def f($x)` is `def f(x): x as $x | …`.
    for (const value of values.reverse()) {
      const source = { type: 'call', name: value, args: [] } as const;
      body = { type: 'as', source, pattern: { type: 'name', name: value }, body };
    }
    return { name, parameters, body };
  }

  #read(): Token {
    tokenPattern.lastIndex = this.#at;
    const match = tokenPattern.exec(this.#source);
    if (match === null) {
      const rest = this.#source.slice(this.#at).replace(/^(\s+|#[^\n]*)+/, '');
      if (rest === '') return { type: 'end', text: '' };
      throw compileError(
        `syntax error, unexpected INVALID_CHARACTER (Unix shell quoting issues?) at <top-level>, line 1:\n${this.#source}`,
      );
    }
    this.#at = tokenPattern.lastIndex;
    const [, number, field, variable, format, name, operator] = match;
    if (number !== undefined) return { type: 'number', text: number };
    if (field !== undefined) return { type: 'field', text: field.slice(1) };
    if (variable !== undefined) return { type: 'variable', text: variable };
    if (format !== undefined) return { type: 'format', text: format };
    if (name !== undefined) return { type: 'name', text: name };
    if (operator === '"') return { type: 'string', text: '', parts: this.#string() };
    return { type: 'operator', text: operator! };
  }

  /** The inside of a string whose quote was just read. */
  #string(): (string | JqNode)[] {
    const parts: (string | JqNode)[] = [];
    let text = '';
    for (;;) {
      const character = this.#source[this.#at++];
      if (character === undefined)
        throw compileError(`syntax error, unexpected end of file at <top-level>, line 1:\n${this.#source}`);
      if (character === '"') break;
      if (character !== '\\') {
        text += character;
        continue;
      }
      const next = this.#source[this.#at++] ?? '';
      if (next === '(') {
        parts.push(text);
        text = '';
        parts.push(this.#interpolation());
      } else if (next === 'u') {
        text += String.fromCharCode(Number.parseInt(this.#source.slice(this.#at, this.#at + 4), 16));
        this.#at += 4;
      } else text += escapes[next] ?? next;
    }
    parts.push(text);
    return parts;
  }

  #interpolation(): JqNode {
    const outer = this.#token;
    this.#token = this.#read();
    const node = this.#pipe();
    if (this.#token.text !== ')') throw this.#unexpected();
    this.#token = outer;
    return node;
  }

  #next(): Token {
    const token = this.#token;
    this.#token = this.#read();
    return token;
  }

  #is(text: string): boolean {
    return this.#token.text === text && (this.#token.type === 'operator' || this.#token.type === 'name');
  }

  #takes(text: string): boolean {
    if (!this.#is(text)) return false;
    this.#next();
    return true;
  }

  #need(text: string): void {
    if (!this.#takes(text)) throw this.#unexpected();
  }

  #unexpected(): ToolError {
    const { type, text } = this.#token;
    const shown =
      type === 'end'
        ? 'end of file'
        : type === 'name'
          ? 'IDENT'
          : type === 'field'
            ? 'FIELD'
            : type === 'number'
              ? 'LITERAL'
              : type === 'string'
                ? 'QQSTRING_START'
                : `'${text}'`;
    return compileError(
      `syntax error, unexpected ${shown} (Unix shell quoting issues?) at <top-level>, line 1:\n${this.#source}`,
    );
  }

  #pipe(): JqNode {
    if (++this.#depth > 300) throw compileError('the filter is nested too deeply');
    try {
      if (this.#is('def')) {
        const definition = this.definition();
        return { type: 'define', definition, body: this.#pipe() };
      }
      const left = this.#comma();
      if (this.#takes('as')) {
        const pattern = this.#pattern();
        this.#need('|');
        return { type: 'as', source: left, pattern, body: this.#pipe() };
      }
      return this.#takes('|') ? { type: 'pipe', left, right: this.#pipe() } : left;
    } finally {
      this.#depth--;
    }
  }

  #comma(): JqNode {
    let left = this.#binary(0);
    while (this.#takes(',')) left = { type: 'comma', left, right: this.#binary(0) };
    return left;
  }

  #binary(level: number): JqNode {
    const operators = levels[level];
    if (operators === undefined) return this.#postfix();
    const left = this.#binary(level + 1);
    let node = left;
    while (
      this.#token.type !== 'string' &&
      operators.includes(this.#token.text) &&
      (this.#token.type === 'operator' || this.#token.type === 'name')
    ) {
      const operator = this.#next().text;
      // `//` and the updates group to the right.
      const right = this.#binary(level === 0 || level === 1 ? level : level + 1);
      node = combine(operator, node, right);
    }
    return node;
  }

  #postfix(): JqNode {
    if (this.#takes('-')) return { type: 'negate', body: this.#postfix() };
    let node = this.#term();
    for (;;) {
      if (this.#token.type === 'field')
        node = { type: 'index', target: node, key: literal(this.#next().text) };
      else if (this.#is('.') && this.#source[this.#at] === '"') {
        this.#next();
        node = { type: 'index', target: node, key: this.#text(null) };
      } else if (this.#is('.') && this.#source[this.#at] === '[') {
        this.#next();
      } else if (this.#takes('[')) node = this.#bracket(node);
      else if (this.#takes('?')) node = { type: 'try', body: node, handler: null };
      else return node;
    }
  }

  #bracket(target: JqNode): JqNode {
    if (this.#takes(']')) return { type: 'iterate', target };
    if (this.#takes(':')) {
      const to = this.#pipe();
      this.#need(']');
      return { type: 'slice', target, from: null, to };
    }
    const key = this.#pipe();
    if (this.#takes(':')) {
      const to = this.#is(']') ? null : this.#pipe();
      this.#need(']');
      return { type: 'slice', target, from: key, to };
    }
    this.#need(']');
    return { type: 'index', target, key };
  }

  #text(format: string | null): JqNode {
    const parts = this.#next().parts ?? [];
    if (parts.length === 1) return literal(parts[0] as string);
    return { type: 'text', format, parts };
  }

  #term(): JqNode {
    const token = this.#token;
    switch (token.type) {
      case 'number':
        this.#next();
        return literal(Number(token.text));
      case 'string':
        return this.#text(null);
      case 'format':
        this.#next();
        return this.#token.type === 'string' ? this.#text(token.text) : { type: 'format', name: token.text };
      case 'field':
        this.#next();
        return { type: 'index', target: { type: 'identity' }, key: literal(token.text) };
      case 'variable':
        this.#next();
        return { type: 'variable', name: token.text.slice(1) };
      case 'name':
        return this.#named();
      default:
        break;
    }
    if (this.#takes('.')) {
      if (this.#token.type === 'string')
        return { type: 'index', target: { type: 'identity' }, key: this.#text(null) };
      return { type: 'identity' };
    }
    if (this.#takes('..')) return { type: 'recurse' };
    if (this.#takes('(')) {
      const node = this.#pipe();
      this.#need(')');
      return node;
    }
    if (this.#takes('[')) {
      if (this.#takes(']')) return { type: 'array', body: null };
      const body = this.#pipe();
      this.#need(']');
      return { type: 'array', body };
    }
    if (this.#takes('{')) return this.#object();
    throw this.#unexpected();
  }

  #named(): JqNode {
    const name = this.#next().text;
    switch (name) {
      case 'if':
        return this.#if();
      case 'try': {
        const body = this.#postfix();
        return { type: 'try', body, handler: this.#takes('catch') ? this.#postfix() : null };
      }
      case 'reduce':
      case 'foreach': {
        const source = this.#postfix();
        this.#need('as');
        const pattern = this.#pattern();
        this.#need('(');
        const start = this.#pipe();
        this.#need(';');
        const update = this.#pipe();
        const extract = this.#takes(';') ? this.#pipe() : null;
        this.#need(')');
        return { type: name, source, pattern, start, update, extract };
      }
      case 'null':
        return literal(null);
      case 'true':
        return literal(true);
      case 'false':
        return literal(false);
      default: {
        const args: JqNode[] = [];
        if (this.#takes('(')) {
          do args.push(this.#pipe());
          while (this.#takes(';'));
          this.#need(')');
        }
        return { type: 'call', name, args };
      }
    }
  }

  #if(): JqNode {
    const condition = this.#pipe();
    this.#need('then');
    const consequent = this.#pipe();
    if (this.#takes('elif')) return { type: 'if', condition, consequent, otherwise: this.#if() };
    const otherwise = this.#takes('else') ? this.#pipe() : null;
    this.#need('end');
    return { type: 'if', condition, consequent, otherwise };
  }

  #object(): JqNode {
    const entries: [JqNode, JqNode][] = [];
    while (!this.#takes('}')) {
      const token = this.#token;
      let key: JqNode;
      let own: JqNode;
      if (token.type === 'variable') {
        this.#next();
        key = literal(token.text.slice(1));
        own = { type: 'variable', name: token.text.slice(1) };
      } else {
        if (this.#takes('(')) {
          key = this.#pipe();
          this.#need(')');
        } else if (token.type === 'string') key = this.#text(null);
        else if (token.type === 'format') {
          this.#next();
          key = this.#text(token.text);
        } else if (token.type === 'name' || token.type === 'number') key = literal(this.#next().text);
        else throw this.#unexpected();
        own = { type: 'index', target: { type: 'identity' }, key };
      }
      if (this.#takes(':')) own = this.#objectValue();
      entries.push([key, own]);
      if (!this.#takes(',') && !this.#is('}')) throw this.#unexpected();
    }
    return { type: 'object', entries };
  }

  /** Everything but a comma: `{a: 1 | 2}` needs no parentheses around its pipe. */
  #objectValue(): JqNode {
    const left = this.#binary(0);
    return this.#takes('|') ? { type: 'pipe', left, right: this.#objectValue() } : left;
  }

  #pattern(): JqPattern {
    if (this.#token.type === 'variable') return { type: 'name', name: this.#next().text.slice(1) };
    if (this.#takes('[')) {
      const items: JqPattern[] = [];
      do items.push(this.#pattern());
      while (this.#takes(','));
      this.#need(']');
      return { type: 'items', items };
    }
    this.#need('{');
    const fields: [JqNode, JqPattern][] = [];
    do {
      const token = this.#token;
      if (token.type === 'variable') {
        this.#next();
        const name = token.text.slice(1);
        fields.push([literal(name), this.#takes(':') ? this.#pattern() : { type: 'name', name }]);
        continue;
      }
      let key: JqNode;
      if (this.#takes('(')) {
        key = this.#pipe();
        this.#need(')');
      } else key = token.type === 'string' ? this.#text(null) : literal(this.#next().text);
      this.#need(':');
      fields.push([key, this.#pattern()]);
    } while (this.#takes(','));
    this.#need('}');
    return { type: 'fields', fields };
  }
}
