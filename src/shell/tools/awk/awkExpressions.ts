import { ToolError } from '../tool.ts';
import { type AwkArgument, type AwkFunction, callFunction, type Expression } from './awkCalls.ts';
import { awkFunctions, matchText, splitInto, substitute } from './awkFunctions.ts';
import { arithmetic, comparisons } from './awkOperators.ts';
import { type AwkState, type AwkValue, compare, isTrue, regexOf, toNumber, toText } from './awkState.ts';
import { AwkTokens } from './awkTokens.ts';

/** Something that can be assigned to. */
interface Place {
  get(state: AwkState): AwkValue;
  set(state: AwkState, value: AwkValue): void;
}

interface Argument extends AwkArgument {
  /** Where its tokens begin. */
  readonly start: number;
  /** It as a regular expression. */
  readonly regex: (state: AwkState) => string;
}

/** Turns an awk program's expressions into closures, the loosest operator first. */
export class AwkExpressions extends AwkTokens {
  protected readonly functions = new Map<string, AwkFunction>();
  /** In `print a > "f"` a bare `>` is no comparison. */
  protected noGreater = false;

  protected list(): Expression[] {
    const list = [this.expression()];
    while (this.takes(',')) {
      this.skipNewlines();
      list.push(this.expression());
    }
    return list;
  }

  protected parenthesized(): Expression {
    this.need('(');
    const expression = this.expression();
    this.need(')');
    return expression;
  }

  protected expression(): Expression {
    return this.ternary();
  }

  protected ternary(): Expression {
    const start = this.at;
    const condition = this.#or();
    if (this.takes('?')) {
      this.skipNewlines();
      const then = this.ternary();
      this.skipNewlines();
      this.need(':');
      this.skipNewlines();
      const otherwise = this.ternary();
      return (state) => (isTrue(condition(state)) ? then(state) : otherwise(state));
    }
    const operator = this.token;
    if (operator.type !== 'operator' || !/^([-+*/%^]|\*\*)?=$/.test(operator.text)) return condition;
    const place = this.placeAt(start);
    if (place === null) return condition;
    this.need(operator.text);
    this.skipNewlines();
    const value = this.ternary();
    const compute = arithmetic[operator.text.slice(0, -1)];
    return (state) => {
      const next = value(state);
      const result = compute === undefined ? next : compute(toNumber(place.get(state)), toNumber(next));
      place.set(state, result);
      return result;
    };
  }

  /** Reads again what stands at `start` as a place; null when it is none that ends where we are. */
  protected placeAt(start: number): Place | null {
    const end = this.at;
    this.at = start;
    const place = this.place();
    if (place !== null && this.at === end) return place;
    this.at = end;
    return null;
  }

  #or(): Expression {
    let left = this.#and();
    while (this.takes('||')) {
      this.skipNewlines();
      const [first, second] = [left, this.#and()];
      left = (state) => Number(isTrue(first(state)) || isTrue(second(state)));
    }
    return left;
  }

  #and(): Expression {
    let left = this.#in();
    while (this.takes('&&')) {
      this.skipNewlines();
      const [first, second] = [left, this.#in()];
      left = (state) => Number(isTrue(first(state)) && isTrue(second(state)));
    }
    return left;
  }

  #in(): Expression {
    let left = this.#match();
    while (this.takes('in')) {
      const [key, name] = [left, this.tokens[this.at++]!.text];
      left = (state) => Number(state.array(name).has(toText(key(state))));
    }
    return left;
  }

  #match(): Expression {
    let left = this.#comparison();
    while (this.is('~') || this.is('!~')) {
      const wanted = this.tokens[this.at++]!.text === '~';
      const [text, regex] = [left, this.#regexOperand()];
      left = (state) => Number(regexOf(regex(state)).test(toText(text(state))) === wanted);
    }
    return left;
  }

  /** A regular expression: a literal, or the text of any value. */
  #regexOperand(): (state: AwkState) => string {
    const token = this.token;
    if (token.type === 'regex') {
      this.at++;
      return () => token.text;
    }
    const value = this.#comparison();
    return (state) => toText(value(state));
  }

  #comparison(): Expression {
    const left = this.concatenation();
    const operator = this.token.text;
    const test = this.token.type === 'operator' ? comparisons[operator] : undefined;
    if (test === undefined || (operator === '>' && this.noGreater)) return left;
    this.at++;
    const right = this.concatenation();
    return (state) => Number(test(compare(left(state), right(state))));
  }

  protected concatenation(): Expression {
    let left = this.additive();
    while (this.#startsValue()) {
      const [first, second] = [left, this.additive()];
      left = (state) =>
        toText(first(state), state.text('CONVFMT')) + toText(second(state), state.text('CONVFMT'));
    }
    return left;
  }

  #startsValue(): boolean {
    const { type, text } = this.token;
    if (type === 'keyword') return false;
    if (type === 'operator')
      return ['$', '!', '(', '-', '+', '++', '--'].includes(text) && !['-', '+'].includes(text);
    return ['number', 'string', 'name', 'call', 'regex'].includes(type);
  }

  protected additive(): Expression {
    return this.#leftAssociative(['+', '-'], () => this.#multiplicative());
  }

  #multiplicative(): Expression {
    return this.#leftAssociative(['*', '/', '%'], () => this.#unary());
  }

  #leftAssociative(operators: readonly string[], next: () => Expression): Expression {
    let left = next();
    while (this.token.type === 'operator' && operators.includes(this.token.text)) {
      const compute = arithmetic[this.tokens[this.at++]!.text]!;
      const [first, second] = [left, next()];
      left = (state) => compute(toNumber(first(state)), toNumber(second(state)));
    }
    return left;
  }

  #unary(): Expression {
    if (this.takes('!')) {
      const operand = this.#unary();
      return (state) => Number(!isTrue(operand(state)));
    }
    if (this.takes('-')) {
      const operand = this.#unary();
      return (state) => -toNumber(operand(state));
    }
    if (this.takes('+')) {
      const operand = this.#unary();
      return (state) => toNumber(operand(state));
    }
    return this.#power();
  }

  #power(): Expression {
    const base = this.#postfix();
    if (!this.takes('^') && !this.takes('**')) return base;
    const exponent = this.#unary();
    return (state) => arithmetic['^']!(toNumber(base(state)), toNumber(exponent(state)));
  }

  #postfix(): Expression {
    const start = this.at;
    const value = this.#primary();
    if (!this.is('++') && !this.is('--')) return value;
    const place = this.placeAt(start);
    if (place === null) return value;
    return change(place, this.tokens[this.at++]!.text, false);
  }

  protected place(): Place | null {
    const token = this.token;
    if (token.type === 'operator' && token.text === '$') {
      this.at++;
      const index = this.is('++') || this.is('--') ? this.prefix() : this.#primary();
      return {
        get: (state) => state.field(toNumber(index(state))),
        set: (state, value) => state.setField(toNumber(index(state)), toText(value)),
      };
    }
    if (token.type !== 'name') return null;
    this.at++;
    const name = token.text;
    if (!this.takes('[')) {
      return { get: (state) => state.get(name), set: (state, value) => state.set(name, value) };
    }
    const key = this.subscript();
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

  protected subscript(): (state: AwkState) => string {
    const keys = this.list();
    this.need(']');
    return (state) => keys.map((key) => toText(key(state))).join(state.text('SUBSEP'));
  }

  protected prefix(): Expression {
    const operator = this.tokens[this.at++]!.text;
    const place = this.place();
    if (place === null) throw this.unexpected();
    return change(place, operator, true);
  }

  #primary(): Expression {
    const token = this.token;
    switch (token.type) {
      case 'number': {
        this.at++;
        const value = Number(token.text);
        return () => value;
      }
      case 'string':
        this.at++;
        return () => token.text;
      case 'regex':
        this.at++;
        return (state) => Number(regexOf(token.text).test(toText(state.field(0))));
      case 'call':
        this.at++;
        return this.call(token.text);
      case 'name': {
        if (token.text === 'length') {
          this.at++;
          return (state) => toText(state.field(0)).length;
        }
        const place = this.place()!;
        return (state) => place.get(state);
      }
      default:
        break;
    }
    if (this.is('++') || this.is('--')) return this.prefix();
    if (this.is('$')) {
      const place = this.place()!;
      return (state) => place.get(state);
    }
    if (!this.takes('(')) throw this.unexpected();
    const wasNoGreater = this.noGreater;
    this.noGreater = false;
    const list = this.list();
    this.noGreater = wasNoGreater;
    this.need(')');
    if (list.length === 1) return list[0]!;
    // `(i, j) in array`
    return (state) => list.map((each) => toText(each(state))).join(state.text('SUBSEP'));
  }

  protected call(name: string): Expression {
    const line = this.token.line;
    const args = this.arguments();
    const own = this.#special(name, args);
    if (own !== null) return own;
    const builtin = awkFunctions[name];
    if (builtin !== undefined) {
      return (state) => {
        state.step();
        return builtin(
          state,
          args.map((arg) => arg.value(state)),
        );
      };
    }
    return (state) => {
      const found = this.functions.get(name);
      if (found === undefined) throw new ToolError(`line ${line}: function ${name} never defined`, 2);
      return callFunction(state, name, found, args);
    };
  }

  protected arguments(): Argument[] {
    this.need('(');
    this.skipNewlines();
    const args: Argument[] = [];
    const wasNoGreater = this.noGreater;
    this.noGreater = false;
    while (!this.takes(')')) {
      const start = this.at;
      const first = this.token;
      const value = this.expression();
      const only = this.at === start + 1;
      this.skipNewlines();
      if (!this.takes(',') && !this.is(')')) throw this.unexpected();
      this.skipNewlines();
      args.push({
        value,
        start,
        name: only && first.type === 'name' ? first.text : null,
        // A regular expression given as an argument is the expression, not a match against the record.
        regex: only && first.type === 'regex' ? () => first.text : (state) => toText(value(state)),
      });
    }
    this.noGreater = wasNoGreater;
    return args;
  }

  /** Functions whose arguments are arrays, places or regular expressions. */
  #special(name: string, args: readonly Argument[]): Expression | null {
    const [first, second, third] = args;
    if (name === 'length') {
      const array = first?.name ?? null;
      return (state) => {
        const holds = array !== null && (state.arrays.has(array) || state.locals?.get(array) instanceof Map);
        if (holds) return state.array(array).size;
        return toText(first === undefined ? state.field(0) : first.value(state)).length;
      };
    }
    if (name === 'split') {
      return (state) =>
        splitInto(state, toText(first!.value(state)), state.array(second?.name ?? ''), third?.regex(state));
    }
    if (name === 'match') {
      return (state) => {
        const groups = third?.name == null ? null : state.array(third.name);
        return matchText(state, toText(first!.value(state)), second!.regex(state), groups);
      };
    }
    return name === 'sub' || name === 'gsub' ? this.#substitution(args, name === 'gsub') : null;
  }

  #substitution([regex, replacement, target]: readonly Argument[], every: boolean): Expression {
    const record: Place = {
      get: (state) => state.field(0),
      set: (state, value) => state.setField(0, toText(value)),
    };
    const end = this.at;
    if (target !== undefined) this.at = target.start;
    const place = (target === undefined ? null : this.place()) ?? record;
    this.at = end;
    return (state) => {
      state.step();
      const text = toText(place.get(state));
      const [changed, count] = substitute(
        text,
        regex!.regex(state),
        toText(replacement!.value(state)),
        every,
      );
      if (count > 0) place.set(state, changed);
      return count;
    };
  }
}

function change(place: Place, operator: string, prefix: boolean): Expression {
  const by = operator === '++' ? 1 : -1;
  return (state) => {
    const before = toNumber(place.get(state));
    place.set(state, before + by);
    return prefix ? before + by : before;
  };
}
