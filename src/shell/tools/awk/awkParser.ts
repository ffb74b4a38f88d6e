import { ToolError } from '../tool.ts';
import { awkFunctions, matchText, splitInto, substitute } from './awkFunctions.ts';
import { type AwkToken, tokenize } from './awkLexer.ts';
import {
  type AwkArray,
  type AwkLocal,
  type AwkState,
  type AwkValue,
  compare,
  isTrue,
  regexOf,
  sprintf,
  toNumber,
  toText,
  Untyped,
} from './awkState.ts';

/** How a statement ended. */
export type Completion = 'normal' | 'break' | 'continue' | 'next' | 'exit' | 'return';
export type Expression = (state: AwkState) => AwkValue;
export type AwkStatement = (state: AwkState) => Completion;

/** Something that can be assigned to. */
interface Place {
  get(state: AwkState): AwkValue;
  set(state: AwkState, value: AwkValue): void;
}

export interface AwkRule {
  readonly pattern: ((state: AwkState) => boolean) | 'BEGIN' | 'END';
  readonly action: AwkStatement;
}

interface AwkFunction {
  readonly parameters: readonly string[];
  body: AwkStatement;
}

const depthMax = 200;
const printRecord: AwkStatement = (state) => {
  state.out += toText(state.field(0)) + state.text('ORS');
  return 'normal';
};

/** Turns an awk program into closures. Throws ToolError in mawk's words. */
export function parseAwk(source: string): AwkRule[] {
  return new AwkParser(tokenize(source)).program();
}

class AwkParser {
  readonly #tokens: readonly AwkToken[];
  readonly #functions = new Map<string, AwkFunction>();
  #at = 0;
  /** In `print a > "f"` a bare `>` is no comparison; in `for (k in a)` an `in` no membership. */
  #noGreater = false;
  #noIn = false;

  constructor(tokens: readonly AwkToken[]) {
    this.#tokens = tokens;
  }

  program(): AwkRule[] {
    const rules: AwkRule[] = [];
    for (this.#skipEnds(); this.#token.type !== 'end'; this.#skipEnds()) {
      if (this.#takes('function') || this.#takes('func')) this.#function();
      else rules.push(this.#rule());
    }
    return rules;
  }

  get #token(): AwkToken {
    return this.#tokens[this.#at]!;
  }

  #is(text: string): boolean {
    const { type, text: own } = this.#token;
    return own === text && (type === 'operator' || type === 'keyword');
  }

  #takes(text: string): boolean {
    if (!this.#is(text)) return false;
    this.#at++;
    return true;
  }

  #need(text: string): void {
    if (!this.#takes(text)) throw this.#unexpected();
  }

  #unexpected(): ToolError {
    const { type, text, line } = this.#token;
    const shown = type === 'end' ? 'end of file' : type === 'newline' ? 'unexpected newline' : text;
    return new ToolError(`line ${line}: syntax error at or near ${shown}`, 2);
  }

  #skipNewlines(): void {
    while (this.#token.type === 'newline') this.#at++;
  }

  #skipEnds(): void {
    while (this.#token.type === 'newline' || this.#is(';')) this.#at++;
  }

  #function(): void {
    const name = this.#tokens[this.#at++]!.text;
    this.#need('(');
    const parameters: string[] = [];
    while (!this.#takes(')')) {
      parameters.push(this.#tokens[this.#at++]!.text);
      this.#takes(',');
      this.#skipNewlines();
    }
    this.#skipNewlines();
    const own: AwkFunction = { parameters, body: printRecord };
    this.#functions.set(name, own);
    own.body = this.#block();
  }

  #rule(): AwkRule {
    const special = this.#is('BEGIN') ? 'BEGIN' : this.#is('END') ? 'END' : null;
    if (special !== null) {
      this.#at++;
      return { pattern: special, action: this.#block() };
    }
    let pattern = (): boolean => true;
    let test: (state: AwkState) => boolean = pattern;
    if (!this.#is('{')) {
      const first = this.#expression();
      test = (state) => isTrue(first(state));
      if (this.#takes(',')) test = rangeOf(first, this.#expression());
    }
    return { pattern: test, action: this.#is('{') ? this.#block() : printRecord };
  }

  #block(): AwkStatement {
    this.#need('{');
    const statements: AwkStatement[] = [];
    for (this.#skipEnds(); !this.#takes('}'); this.#skipEnds()) {
      if (this.#token.type === 'end')
        throw new ToolError(`line ${this.#token.line + 1}: missing } near end of file`, 2);
      statements.push(this.#statement());
    }
    return (state) => {
      for (const statement of statements) {
        const completion = statement(state);
        if (completion !== 'normal') return completion;
      }
      return 'normal';
    };
  }

  #statement(): AwkStatement {
    if (this.#is('{')) return this.#block();
    if (this.#takes(';')) return () => 'normal';
    if (this.#takes('if')) return this.#if();
    if (this.#takes('while')) {
      const condition = this.#parenthesized();
      if (this.#takes(';')) return loop(condition, () => 'normal');
      return loop(condition, this.#body());
    }
    if (this.#takes('do')) {
      const body = this.#body();
      this.#skipEnds();
      this.#need('while');
      const rest = loop(this.#parenthesized(), body);
      return (state) => {
        const completion = body(state);
        return completion === 'normal' || completion === 'continue'
          ? rest(state)
          : completion === 'break'
            ? 'normal'
            : completion;
      };
    }
    if (this.#takes('for')) return this.#for();
    const statement = this.#simple();
    if (!this.#is('}') && this.#token.type !== 'end') {
      if (this.#token.type !== 'newline' && !this.#is(';')) throw this.#unexpected();
      this.#at++;
    }
    return statement;
  }

  #body(): AwkStatement {
    this.#skipNewlines();
    return this.#statement();
  }

  #parenthesized(): Expression {
    this.#need('(');
    const expression = this.#expression();
    this.#need(')');
    return expression;
  }

  #if(): AwkStatement {
    const condition = this.#parenthesized();
    const then = this.#body();
    const mark = this.#at;
    this.#skipEnds();
    if (!this.#takes('else')) {
      this.#at = mark;
      return (state) => (isTrue(condition(state)) ? then(state) : 'normal');
    }
    const otherwise = this.#body();
    return (state) => (isTrue(condition(state)) ? then(state) : otherwise(state));
  }

  #for(): AwkStatement {
    this.#need('(');
    const [name, keyword, array, close] = this.#tokens.slice(this.#at, this.#at + 4);
    if (name?.type === 'name' && keyword?.text === 'in' && array?.type === 'name' && close?.text === ')') {
      this.#at += 4;
      return forIn(name.text, array.text, this.#body());
    }
    const nothing: AwkStatement = () => 'normal';
    const first = this.#is(';') ? nothing : this.#simple();
    this.#need(';');
    this.#skipNewlines();
    const condition: Expression = this.#is(';') ? () => 1 : this.#expression();
    this.#need(';');
    this.#skipNewlines();
    const update = this.#is(')') ? nothing : this.#simple();
    this.#need(')');
    const body = this.#takes(';') ? nothing : this.#body();
    const passes = loop(condition, body, update);
    return (state) => {
      first(state);
      return passes(state);
    };
  }

  #simple(): AwkStatement {
    for (const word of ['break', 'continue', 'next'] as const) if (this.#takes(word)) return () => word;
    if (this.#takes('exit')) {
      const code = this.#endsHere() ? null : this.#expression();
      return (state) => {
        if (code !== null) state.exitCode = toNumber(code(state));
        return 'exit';
      };
    }
    if (this.#takes('return')) {
      const value = this.#endsHere() ? () => undefined : this.#expression();
      return (state) => {
        state.returned = value(state);
        return 'return';
      };
    }
    if (this.#takes('delete')) return this.#delete();
    if (this.#is('print') || this.#is('printf'))
      return this.#print(this.#tokens[this.#at++]!.text === 'printf');
    const expression = this.#expression();
    return (state) => {
      state.step();
      expression(state);
      return 'normal';
    };
  }

  #endsHere(): boolean {
    return this.#is(';') || this.#is('}') || ['newline', 'end'].includes(this.#token.type);
  }

  #delete(): AwkStatement {
    const name = this.#tokens[this.#at++]!.text;
    const key = this.#takes('[') ? this.#subscript() : null;
    return (state) => {
      if (key === null) state.array(name).clear();
      else state.array(name).delete(key(state));
      return 'normal';
    };
  }

  #print(formatted: boolean): AwkStatement {
    const wasNoGreater = this.#noGreater;
    this.#noGreater = true;
    let args: Expression[] = [];
    if (!this.#endsHere() && !this.#is('>') && !this.#is('>>') && !this.#is('|'))
      args = this.#printArguments();
    this.#noGreater = wasNoGreater;
    let target: Expression | null = null;
    if (this.#is('|'))
      throw new ToolError(
        `line ${this.#token.line}: print | is not simulated yet; use a pipe outside awk`,
        2,
      );
    const append = this.#is('>>');
    if (this.#takes('>') || this.#takes('>>')) target = this.#concatenation();
    return (state) => {
      state.step();
      const values = args.map((arg) => arg(state));
      const text = formatted ? sprintf(toText(values[0]), values.slice(1)) : printed(state, values);
      if (target === null) state.out += text;
      else {
        const path = toText(target(state));
        if (path === '/dev/stdout') state.out += text;
        else state.files.set(path, { text: (state.files.get(path)?.text ?? '') + text, append });
      }
      return 'normal';
    };
  }

  /** `print (a, b)` and `print (a)(b), c` begin alike. */
  #printArguments(): Expression[] {
    const mark = this.#at;
    if (this.#takes('(')) {
      const wasNoGreater = this.#noGreater;
      this.#noGreater = false;
      const inner = this.#list();
      this.#noGreater = wasNoGreater;
      if (this.#takes(')') && (this.#endsHere() || this.#is('>') || this.#is('>>'))) return inner;
      this.#at = mark;
    }
    return this.#list();
  }

  #list(): Expression[] {
    const list = [this.#expression()];
    while (this.#takes(',')) {
      this.#skipNewlines();
      list.push(this.#expression());
    }
    return list;
  }

  #expression(): Expression {
    return this.#ternary();
  }

  #ternary(): Expression {
    const start = this.#at;
    const condition = this.#or();
    if (this.#takes('?')) {
      this.#skipNewlines();
      const then = this.#ternary();
      this.#skipNewlines();
      this.#need(':');
      this.#skipNewlines();
      const otherwise = this.#ternary();
      return (state) => (isTrue(condition(state)) ? then(state) : otherwise(state));
    }
    const operator = this.#token;
    if (operator.type !== 'operator' || !/^([-+*/%^]|\*\*)?=$/.test(operator.text)) return condition;
    const place = this.#placeAt(start);
    if (place === null) return condition;
    this.#need(operator.text);
    this.#skipNewlines();
    const value = this.#ternary();
    const compute = arithmetic[operator.text.slice(0, -1)];
    return (state) => {
      const next = value(state);
      const result = compute === undefined ? next : compute(toNumber(place.get(state)), toNumber(next));
      place.set(state, result);
      return result;
    };
  }

  /** Reads again what stands at `start` as a place; null when it is none that ends where we are. */
  #placeAt(start: number): Place | null {
    const end = this.#at;
    this.#at = start;
    const place = this.#place();
    if (place !== null && this.#at === end) return place;
    this.#at = end;
    return null;
  }

  #or(): Expression {
    let left = this.#and();
    while (this.#takes('||')) {
      this.#skipNewlines();
      const [first, second] = [left, this.#and()];
      left = (state) => Number(isTrue(first(state)) || isTrue(second(state)));
    }
    return left;
  }

  #and(): Expression {
    let left = this.#in();
    while (this.#takes('&&')) {
      this.#skipNewlines();
      const [first, second] = [left, this.#in()];
      left = (state) => Number(isTrue(first(state)) && isTrue(second(state)));
    }
    return left;
  }

  #in(): Expression {
    let left = this.#match();
    while (!this.#noIn && this.#takes('in')) {
      const [key, name] = [left, this.#tokens[this.#at++]!.text];
      left = (state) => Number(state.array(name).has(toText(key(state))));
    }
    return left;
  }

  #match(): Expression {
    let left = this.#comparison();
    while (this.#is('~') || this.#is('!~')) {
      const wanted = this.#tokens[this.#at++]!.text === '~';
      const [text, regex] = [left, this.#regexOperand()];
      left = (state) => Number(regexOf(regex(state)).test(toText(text(state))) === wanted);
    }
    return left;
  }

  /** A regular expression: a literal, or the text of any value. */
  #regexOperand(): (state: AwkState) => string {
    const token = this.#token;
    if (token.type === 'regex') {
      this.#at++;
      return () => token.text;
    }
    const value = this.#comparison();
    return (state) => toText(value(state));
  }

  #comparison(): Expression {
    const left = this.#concatenation();
    const operator = this.#token.text;
    const test = this.#token.type === 'operator' ? comparisons[operator] : undefined;
    if (test === undefined || (operator === '>' && this.#noGreater)) return left;
    this.#at++;
    const right = this.#concatenation();
    return (state) => Number(test(compare(left(state), right(state))));
  }

  #concatenation(): Expression {
    let left = this.#additive();
    while (this.#startsValue()) {
      const [first, second] = [left, this.#additive()];
      left = (state) =>
        toText(first(state), state.text('CONVFMT')) + toText(second(state), state.text('CONVFMT'));
    }
    return left;
  }

  #startsValue(): boolean {
    const { type, text } = this.#token;
    if (type === 'keyword') return false;
    if (type === 'operator')
      return ['$', '!', '(', '-', '+', '++', '--'].includes(text) && !['-', '+'].includes(text);
    return ['number', 'string', 'name', 'call', 'regex'].includes(type);
  }

  #additive(): Expression {
    return this.#leftAssociative(['+', '-'], () => this.#multiplicative());
  }

  #multiplicative(): Expression {
    return this.#leftAssociative(['*', '/', '%'], () => this.#unary());
  }

  #leftAssociative(operators: readonly string[], next: () => Expression): Expression {
    let left = next();
    while (this.#token.type === 'operator' && operators.includes(this.#token.text)) {
      const compute = arithmetic[this.#tokens[this.#at++]!.text]!;
      const [first, second] = [left, next()];
      left = (state) => compute(toNumber(first(state)), toNumber(second(state)));
    }
    return left;
  }

  #unary(): Expression {
    if (this.#takes('!')) {
      const operand = this.#unary();
      return (state) => Number(!isTrue(operand(state)));
    }
    if (this.#takes('-')) {
      const operand = this.#unary();
      return (state) => -toNumber(operand(state));
    }
    if (this.#takes('+')) {
      const operand = this.#unary();
      return (state) => toNumber(operand(state));
    }
    return this.#power();
  }

  #power(): Expression {
    const base = this.#postfix();
    if (!this.#takes('^') && !this.#takes('**')) return base;
    const exponent = this.#unary();
    return (state) => arithmetic['^']!(toNumber(base(state)), toNumber(exponent(state)));
  }

  #postfix(): Expression {
    const start = this.#at;
    const value = this.#primary();
    if (!this.#is('++') && !this.#is('--')) return value;
    const place = this.#placeAt(start);
    if (place === null) return value;
    return change(place, this.#tokens[this.#at++]!.text, false);
  }

  #place(): Place | null {
    const token = this.#token;
    if (token.type === 'operator' && token.text === '$') {
      this.#at++;
      const index = this.#is('++') || this.#is('--') ? this.#prefix() : this.#primary();
      return {
        get: (state) => state.field(toNumber(index(state))),
        set: (state, value) => state.setField(toNumber(index(state)), toText(value)),
      };
    }
    if (token.type !== 'name') return null;
    this.#at++;
    const name = token.text;
    if (!this.#takes('[')) {
      return { get: (state) => state.get(name), set: (state, value) => state.set(name, value) };
    }
    const key = this.#subscript();
    return {
      get(state) {
        const array = state.array(name);
        const text = key(state);
        if (!array.has(text)) array.set(text, undefined);
        return array.get(text);
      },
      set: (state, value) => void state.array(name).set(key(state), value),
    };
  }

  #subscript(): (state: AwkState) => string {
    const keys = this.#list();
    this.#need(']');
    return (state) => keys.map((key) => toText(key(state))).join(state.text('SUBSEP'));
  }

  #prefix(): Expression {
    const operator = this.#tokens[this.#at++]!.text;
    const place = this.#place();
    if (place === null) throw this.#unexpected();
    return change(place, operator, true);
  }

  #primary(): Expression {
    const token = this.#token;
    switch (token.type) {
      case 'number': {
        this.#at++;
        const value = Number(token.text);
        return () => value;
      }
      case 'string':
        this.#at++;
        return () => token.text;
      case 'regex':
        this.#at++;
        return (state) => Number(regexOf(token.text).test(toText(state.field(0))));
      case 'call':
        this.#at++;
        return this.#call(token.text);
      case 'name': {
        if (token.text === 'length') {
          this.#at++;
          return (state) => toText(state.field(0)).length;
        }
        const place = this.#place()!;
        return (state) => place.get(state);
      }
      default:
        break;
    }
    if (this.#is('++') || this.#is('--')) return this.#prefix();
    if (this.#is('$')) {
      const place = this.#place()!;
      return (state) => place.get(state);
    }
    if (!this.#takes('(')) throw this.#unexpected();
    const wasNoGreater = this.#noGreater;
    this.#noGreater = false;
    const list = this.#list();
    this.#noGreater = wasNoGreater;
    this.#need(')');
    if (list.length === 1) return list[0]!;
    // `(i, j) in array`
    return (state) => list.map((each) => toText(each(state))).join(state.text('SUBSEP'));
  }

  #call(name: string): Expression {
    this.#need('(');
    this.#skipNewlines();
    const starts: number[] = [];
    const args: Expression[] = [];
    const wasNoGreater = this.#noGreater;
    this.#noGreater = false;
    while (!this.#takes(')')) {
      starts.push(this.#at);
      args.push(this.#expression());
      this.#skipNewlines();
      if (!this.#takes(',') && !this.#is(')')) throw this.#unexpected();
      this.#skipNewlines();
    }
    this.#noGreater = wasNoGreater;
    const nameAt = (index: number) => {
      const token = this.#tokens[starts[index] ?? -1];
      const after = this.#tokens[(starts[index] ?? -1) + 1];
      return token?.type === 'name' && (after?.text === ',' || after?.text === ')') ? token.text : null;
    };
    // A regular expression given as an argument is the expression, not a match against the record.
    const regexAt = (index: number): ((state: AwkState) => string) => {
      const token = this.#tokens[starts[index] ?? -1];
      return token?.type === 'regex' ? () => token.text : (state) => toText(args[index]!(state));
    };
    const own = this.#special(name, args, nameAt, regexAt, starts);
    if (own !== null) return own;
    const builtin = awkFunctions[name];
    if (builtin !== undefined) {
      return (state) => {
        state.step();
        return builtin(
          state,
          args.map((arg) => arg(state)),
        );
      };
    }
    const line = this.#token.line;
    return (state) => this.#callOwn(state, name, args, nameAt, line);
  }

  /** Functions whose arguments are arrays, places or regular expressions. */
  #special(
    name: string,
    args: readonly Expression[],
    nameAt: (index: number) => string | null,
    regexAt: (index: number) => (state: AwkState) => string,
    starts: readonly number[],
  ): Expression | null {
    if (name === 'length') {
      const array = nameAt(0);
      return (state) => {
        if (array !== null && (state.arrays.has(array) || state.locals?.get(array) instanceof Map))
          return state.array(array).size;
        return toText(args.length === 0 ? state.field(0) : args[0]!(state)).length;
      };
    }
    if (name === 'split') {
      const separator = args.length > 2 ? regexAt(2) : null;
      return (state) =>
        splitInto(state, toText(args[0]!(state)), state.array(nameAt(1) ?? ''), separator?.(state));
    }
    if (name === 'match') {
      const regex = regexAt(1);
      const groups = nameAt(2);
      return (state) =>
        matchText(state, toText(args[0]!(state)), regex(state), groups === null ? null : state.array(groups));
    }
    if (name !== 'sub' && name !== 'gsub') return null;
    const regex = regexAt(0);
    const end = this.#at;
    this.#at = starts[2] ?? end;
    const record: Place = {
      get: (state) => state.field(0),
      set: (state, value) => state.setField(0, toText(value)),
    };
    const place = (starts[2] === undefined ? null : this.#place()) ?? record;
    this.#at = end;
    return (state) => {
      state.step();
      const [text, count] = substitute(
        toText(place.get(state)),
        regex(state),
        toText(args[1]!(state)),
        name === 'gsub',
      );
      if (count > 0) place.set(state, text);
      return count;
    };
  }

  #callOwn(
    state: AwkState,
    name: string,
    args: readonly Expression[],
    nameAt: (index: number) => string | null,
    line: number,
  ): AwkValue {
    const own = this.#functions.get(name);
    if (own === undefined) throw new ToolError(`line ${line}: function ${name} never defined`, 2);
    state.step();
    if (++state.depth > depthMax) throw new ToolError(`function ${name}: call depth exceeds ${depthMax}`, 2);
    const locals = new Map<string, AwkLocal>();
    own.parameters.forEach((parameter, index) => {
      const name = nameAt(index);
      locals.set(parameter, name === null ? args[index]?.(state) : passed(state, name));
    });
    const before = state.locals;
    state.locals = locals;
    state.returned = undefined;
    own.body(state);
    state.locals = before;
    state.depth--;
    const value = state.returned;
    state.returned = undefined;
    return value;
  }
}

const arithmetic: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => divide(a, b, 'division by zero'),
  '%': (a, b) => a % divide(b, 1, ''),
  '^': integerPower,
  '**': integerPower,
};

function divide(a: number, b: number, message: string): number {
  if (b === 0) throw new ToolError(message, 2);
  return a / b;
}

/** Powers with whole exponents; others would depend on the engine's mathematics. */
function integerPower(base: number, exponent: number): number {
  if (exponent === 0.5) return Math.sqrt(base);
  if (!Number.isInteger(exponent)) throw new ToolError('powers with a fraction are not simulated yet', 2);
  let result = 1;
  for (let count = 0; count < Math.min(Math.abs(exponent), 2_000); count++) result *= base;
  return exponent < 0 ? 1 / result : result;
}

const comparisons: Readonly<Record<string, (order: number) => boolean>> = {
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '==': (order) => order === 0,
  '!=': (order) => order !== 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
};

function change(place: Place, operator: string, prefix: boolean): Expression {
  const by = operator === '++' ? 1 : -1;
  return (state) => {
    const before = toNumber(place.get(state));
    place.set(state, before + by);
    return prefix ? before + by : before;
  };
}

function rangeOf(first: Expression, last: Expression): (state: AwkState) => boolean {
  let inside = false;
  return (state) => {
    if (!inside && !isTrue(first(state))) return false;
    inside = !isTrue(last(state));
    return true;
  };
}

function loop(condition: Expression, body: AwkStatement, update?: AwkStatement): AwkStatement {
  return (state) => {
    while (isTrue(condition(state))) {
      state.step();
      const completion = body(state);
      if (completion === 'break') break;
      if (completion !== 'normal' && completion !== 'continue') return completion;
      update?.(state);
    }
    return 'normal';
  };
}

function forIn(name: string, array: string, body: AwkStatement): AwkStatement {
  return (state) => {
    const keys = [...state.array(array).keys()];
    for (const key of keys) {
      state.step();
      state.set(name, /^-?\d+$/.test(key) ? { text: key, number: Number(key) } : key);
      const completion = body(state);
      if (completion === 'break') break;
      if (completion !== 'normal' && completion !== 'continue') return completion;
    }
    return 'normal';
  };
}

function printed(state: AwkState, values: readonly AwkValue[]): string {
  const shown =
    values.length === 0 ? [toText(state.field(0))] : values.map((value) => toText(value, state.text('OFMT')));
  return shown.join(state.text('OFS')) + state.text('ORS');
}

/** A name as an argument: an array itself, a value, or what may yet become either. */
function passed(state: AwkState, name: string): AwkLocal {
  const { locals } = state;
  if (locals?.has(name) === true) {
    const local = locals.get(name);
    if (local !== undefined) return local;
    return new Untyped(() => {
      const made = locals.get(name);
      if (made instanceof Map) return made;
      const array: AwkArray = new Map();
      locals.set(name, array);
      return array;
    });
  }
  const array = state.arrays.get(name);
  if (array !== undefined) return array;
  const value = state.get(name);
  if (value !== undefined) return value;
  return new Untyped(() => {
    let made = state.arrays.get(name);
    if (made === undefined) state.arrays.set(name, (made = new Map()));
    return made;
  });
}
