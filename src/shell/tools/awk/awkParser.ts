import { ToolError } from '../tool.ts';
import type { AwkFunction, AwkStatement, Expression } from './awkCalls.ts';
import { AwkExpressions } from './awkExpressions.ts';
import { tokenize } from './awkLexer.ts';
import { type AwkState, type AwkValue, isTrue, sprintf, toNumber, toText } from './awkState.ts';

export interface AwkRule {
  readonly pattern: ((state: AwkState) => boolean) | 'BEGIN' | 'END';
  readonly action: AwkStatement;
}

const printRecord: AwkStatement = (state) => {
  state.out += toText(state.field(0)) + state.text('ORS');
  return 'normal';
};

/** Turns an awk program into closures. Throws ToolError in mawk's words. */
export function parseAwk(source: string): AwkRule[] {
  return new AwkParser(tokenize(source)).program();
}

class AwkParser extends AwkExpressions {
  program(): AwkRule[] {
    const rules: AwkRule[] = [];
    for (this.skipEnds(); this.token.type !== 'end'; this.skipEnds()) {
      if (this.takes('function') || this.takes('func')) this.#function();
      else rules.push(this.#rule());
    }
    return rules;
  }
  #function(): void {
    const name = this.tokens[this.at++]!.text;
    this.need('(');
    const parameters: string[] = [];
    while (!this.takes(')')) {
      parameters.push(this.tokens[this.at++]!.text);
      this.takes(',');
      this.skipNewlines();
    }
    this.skipNewlines();
    const own: AwkFunction = { parameters, body: printRecord };
    this.functions.set(name, own);
    own.body = this.#block();
  }

  #rule(): AwkRule {
    const special = this.is('BEGIN') ? 'BEGIN' : this.is('END') ? 'END' : null;
    if (special !== null) {
      this.at++;
      return { pattern: special, action: this.#block() };
    }
    let test: (state: AwkState) => boolean = () => true;
    if (!this.is('{')) {
      const first = this.expression();
      test = (state) => isTrue(first(state));
      if (this.takes(',')) test = rangeOf(first, this.expression());
    }
    return { pattern: test, action: this.is('{') ? this.#block() : printRecord };
  }

  #block(): AwkStatement {
    this.need('{');
    const statements: AwkStatement[] = [];
    for (this.skipEnds(); !this.takes('}'); this.skipEnds()) {
      if (this.token.type === 'end')
        throw new ToolError(`line ${this.token.line + 1}: missing } near end of file`, 2);
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
    if (this.is('{')) return this.#block();
    if (this.takes(';')) return () => 'normal';
    if (this.takes('if')) return this.#if();
    if (this.takes('while')) {
      const condition = this.parenthesized();
      if (this.takes(';')) return loop(condition, () => 'normal');
      return loop(condition, this.#body());
    }
    if (this.takes('do')) {
      const body = this.#body();
      this.skipEnds();
      this.need('while');
      const rest = loop(this.parenthesized(), body);
      return (state) => {
        const completion = body(state);
        return completion === 'normal' || completion === 'continue'
          ? rest(state)
          : completion === 'break'
            ? 'normal'
            : completion;
      };
    }
    if (this.takes('for')) return this.#for();
    const statement = this.#simple();
    if (!this.is('}') && this.token.type !== 'end') {
      if (this.token.type !== 'newline' && !this.is(';')) throw this.unexpected();
      this.at++;
    }
    return statement;
  }

  #body(): AwkStatement {
    this.skipNewlines();
    return this.#statement();
  }

  #if(): AwkStatement {
    const condition = this.parenthesized();
    const then = this.#body();
    const mark = this.at;
    this.skipEnds();
    if (!this.takes('else')) {
      this.at = mark;
      return (state) => (isTrue(condition(state)) ? then(state) : 'normal');
    }
    const otherwise = this.#body();
    return (state) => (isTrue(condition(state)) ? then(state) : otherwise(state));
  }

  #for(): AwkStatement {
    this.need('(');
    const [name, keyword, array, close] = this.tokens.slice(this.at, this.at + 4);
    if (name?.type === 'name' && keyword?.text === 'in' && array?.type === 'name' && close?.text === ')') {
      this.at += 4;
      return forIn(name.text, array.text, this.#body());
    }
    const nothing: AwkStatement = () => 'normal';
    const first = this.is(';') ? nothing : this.#simple();
    this.need(';');
    this.skipNewlines();
    const condition: Expression = this.is(';') ? () => 1 : this.expression();
    this.need(';');
    this.skipNewlines();
    const update = this.is(')') ? nothing : this.#simple();
    this.need(')');
    const body = this.takes(';') ? nothing : this.#body();
    const passes = loop(condition, body, update);
    return (state) => {
      first(state);
      return passes(state);
    };
  }

  #simple(): AwkStatement {
    for (const word of ['break', 'continue', 'next'] as const) if (this.takes(word)) return () => word;
    if (this.takes('exit')) {
      const code = this.#endsHere() ? null : this.expression();
      return (state) => {
        if (code !== null) state.exitCode = toNumber(code(state));
        return 'exit';
      };
    }
    if (this.takes('return')) {
      const value = this.#endsHere() ? () => undefined : this.expression();
      return (state) => {
        state.returned = value(state);
        return 'return';
      };
    }
    if (this.takes('delete')) return this.#delete();
    if (this.is('print') || this.is('printf')) return this.#print(this.tokens[this.at++]!.text === 'printf');
    const expression = this.expression();
    return (state) => {
      state.step();
      expression(state);
      return 'normal';
    };
  }

  #endsHere(): boolean {
    return this.is(';') || this.is('}') || ['newline', 'end'].includes(this.token.type);
  }

  #delete(): AwkStatement {
    const name = this.tokens[this.at++]!.text;
    const key = this.takes('[') ? this.subscript() : null;
    return (state) => {
      if (key === null) state.array(name).clear();
      else state.array(name).delete(key(state));
      return 'normal';
    };
  }

  #print(formatted: boolean): AwkStatement {
    const wasNoGreater = this.noGreater;
    this.noGreater = true;
    let args: Expression[] = [];
    if (!this.#endsHere() && !this.is('>') && !this.is('>>') && !this.is('|')) args = this.#printArguments();
    this.noGreater = wasNoGreater;
    let target: Expression | null = null;
    if (this.is('|'))
      throw new ToolError(`line ${this.token.line}: print | is not simulated yet; use a pipe outside awk`, 2);
    const append = this.is('>>');
    if (this.takes('>') || this.takes('>>')) target = this.concatenation();
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
    const mark = this.at;
    if (this.takes('(')) {
      const wasNoGreater = this.noGreater;
      this.noGreater = false;
      const inner = this.list();
      this.noGreater = wasNoGreater;
      if (this.takes(')') && (this.#endsHere() || this.is('>') || this.is('>>'))) return inner;
      this.at = mark;
    }
    return this.list();
  }
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
