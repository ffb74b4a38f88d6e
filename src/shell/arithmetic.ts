import { type ArithmeticExpression, type ArithmeticWord, parse, type WordPart } from 'unbash';
import { ShellError } from './control.ts';
import type { Shell } from './shell.ts';

/** Turns the parts of an arithmetic operand (`$x`, `$(…)`) into text; expansion.ts supplies it. */
export type ExpandParts = (shell: Shell, parts: readonly WordPart[]) => Promise<string>;

/** Variables whose values are expressions that name variables …, this deep at most. */
const recursionMax = 64;

const binary: Readonly<Record<string, (a: bigint, b: bigint) => bigint>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / nonZero(b),
  '%': (a, b) => a % nonZero(b),
  '**': power,
  '<<': (a, b) => a << (b & 63n),
  '>>': (a, b) => a >> (b & 63n),
  '&': (a, b) => a & b,
  '|': (a, b) => a | b,
  '^': (a, b) => a ^ b,
  '<': (a, b) => truth(a < b),
  '>': (a, b) => truth(a > b),
  '<=': (a, b) => truth(a <= b),
  '>=': (a, b) => truth(a >= b),
  '==': (a, b) => truth(a === b),
  '!=': (a, b) => truth(a !== b),
  ',': (_, b) => b,
};

function truth(value: boolean): bigint {
  return value ? 1n : 0n;
}

function nonZero(value: bigint): bigint {
  if (value === 0n) throw new ShellError('division by 0 (error token is "0")');
  return value;
}

function power(base: bigint, exponent: bigint): bigint {
  if (exponent < 0n) throw new ShellError('exponent less than 0');
  let result = 1n;
  let square = base;
  for (let left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) result = BigInt.asIntN(64, result * square);
    square = BigInt.asIntN(64, square * square);
  }
  return result;
}

/** Evaluates a parsed expression in 64-bit integers. Throws ShellError. */
export async function evaluate(
  shell: Shell,
  expression: ArithmeticExpression | undefined,
  expand: ExpandParts,
  depth = 0,
): Promise<bigint> {
  if (expression === undefined) return 0n;
  return BigInt.asIntN(64, await new Evaluation(shell, expand, depth).value(expression));
}

/** Parses and evaluates a text. Throws ShellError. */
export async function evaluateText(
  shell: Shell,
  text: string,
  expand: ExpandParts,
  depth = 0,
): Promise<bigint> {
  const trimmed = text.trim();
  if (trimmed === '') return 0n;
  const number = numberOf(trimmed);
  if (number !== null) return number;
  if (depth > recursionMax) throw new ShellError(`${trimmed}: expression recursion level exceeded`);
  const script = parse(`((${trimmed}))`);
  const command = script.commands[0]?.command;
  if (script.errors !== undefined || command?.type !== 'ArithmeticCommand') {
    throw new ShellError(`${trimmed}: syntax error in expression (error token is "${trimmed}")`);
  }
  const expression = command.expression;
  // The parser gives back as one word what it cannot take apart.
  if (expression?.type === 'ArithmeticWord' && /\s/.test(expression.value.trim())) {
    const token = trimmed.split(/\s+/)[1] ?? trimmed;
    throw new ShellError(`${trimmed}: syntax error in expression (error token is "${token}")`);
  }
  return evaluate(shell, expression, expand, depth);
}

/** A number as bash writes them (10, 0x1f, 017, 2#101), or null. */
function numberOf(text: string): bigint | null {
  const match = /^(-?)(?:0[xX]([0-9a-fA-F]+)|(0[0-7]*)|(\d+)#([0-9a-zA-Z@_]+)|([1-9]\d*))$/.exec(text);
  if (match === null) {
    if (/^\d/.test(text) && /^\d+$/.test(text)) {
      throw new ShellError(`${text}: value too great for base (error token is "${text}")`);
    }
    return null;
  }
  const [, sign, hex, octal, base, digits, decimal] = match;
  let value: bigint;
  if (hex !== undefined) value = BigInt(`0x${hex}`);
  else if (octal !== undefined) value = octal === '0' ? 0n : BigInt(`0o${octal}`);
  else if (decimal !== undefined) value = BigInt(decimal);
  else value = inBase(text, Number(base), digits!);
  return BigInt.asIntN(64, sign === '-' ? -value : value);
}

function inBase(text: string, base: number, digits: string): bigint {
  const alphabet = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ@_';
  let value = 0n;
  for (const digit of base <= 36 ? digits.toLowerCase() : digits) {
    const at = alphabet.indexOf(digit);
    if (at >= base) throw new ShellError(`${text}: value too great for base (error token is "${text}")`);
    value = value * BigInt(base) + BigInt(at);
  }
  return value;
}

class Evaluation {
  readonly #shell: Shell;
  readonly #expand: ExpandParts;
  readonly #depth: number;

  constructor(shell: Shell, expand: ExpandParts, depth: number) {
    this.#shell = shell;
    this.#expand = expand;
    this.#depth = depth;
  }

  async value(node: ArithmeticExpression): Promise<bigint> {
    switch (node.type) {
      case 'ArithmeticGroup':
        return this.value(node.expression);
      case 'ArithmeticTernary':
        return (await this.value(node.test)) !== 0n
          ? this.value(node.consequent)
          : this.value(node.alternate);
      case 'ArithmeticUnary':
        return this.#unary(node.operator, node.operand, node.prefix);
      case 'ArithmeticBinary':
        return this.#binary(node.operator, node.left, node.right);
      case 'ArithmeticCommandExpansion': {
        const script = node.script;
        const text = await this.#shell.capture((shell) =>
          shell.interpreter.list(shell, script?.commands ?? []),
        );
        return evaluateText(this.#shell, text, this.#expand, this.#depth + 1);
      }
      case 'ArithmeticWord':
        return this.#word(node);
    }
  }

  async #unary(operator: string, operand: ArithmeticExpression, prefix: boolean): Promise<bigint> {
    if (operator === '++' || operator === '--') {
      const before = await this.value(operand);
      const after = operator === '++' ? before + 1n : before - 1n;
      await this.#assign(operand, after);
      return prefix ? after : before;
    }
    const value = await this.value(operand);
    if (operator === '-') return -value;
    if (operator === '!') return truth(value === 0n);
    return operator === '~' ? ~value : value;
  }

  async #binary(operator: string, left: ArithmeticExpression, right: ArithmeticExpression): Promise<bigint> {
    if (operator === '&&') return truth((await this.value(left)) !== 0n && (await this.value(right)) !== 0n);
    if (operator === '||') return truth((await this.value(left)) !== 0n || (await this.value(right)) !== 0n);
    const plain = binary[operator];
    if (plain !== undefined) return BigInt.asIntN(64, plain(await this.value(left), await this.value(right)));
    // What is left are the assignments: `=`, `+=` …
    let value = await this.value(right);
    if (operator !== '=') value = binary[operator.slice(0, -1)]!(await this.value(left), value);
    value = BigInt.asIntN(64, value);
    await this.#assign(left, value);
    return value;
  }

  async #assign(target: ArithmeticExpression, value: bigint): Promise<void> {
    const name = target.type === 'ArithmeticWord' ? await this.#text(target) : '';
    const match = /^([A-Za-z_]\w*)(?:\[(.*)\])?$/.exec(name.trim());
    if (match === null) throw new ShellError('attempted assignment to non-variable');
    if (match[2] === undefined) this.#shell.variables.set(match[1]!, String(value));
    else this.#shell.variables.setElement(match[1]!, await this.#key(match[1]!, match[2]), String(value));
  }

  async #key(name: string, index: string): Promise<string> {
    if (this.#shell.variables.find(name)?.associative === true) return index;
    return String(await evaluateText(this.#shell, index, this.#expand, this.#depth + 1));
  }

  async #text(node: ArithmeticWord): Promise<string> {
    if (node.parts !== undefined) return this.#expand(this.#shell, node.parts);
    if (!node.value.startsWith('$')) return node.value;
    const word = parse(`: ${node.value}`).commands[0]?.command;
    const parts = word?.type === 'Command' ? word.args[0] : undefined;
    return parts?.type === 'Word' && parts.parts ? this.#expand(this.#shell, parts.parts) : node.value;
  }

  async #word(node: ArithmeticWord): Promise<bigint> {
    const text = (await this.#text(node)).trim();
    const number = text === '' ? 0n : numberOf(text);
    if (number !== null) return number;
    const match = /^([A-Za-z_]\w*)(?:\[(.*)\])?$/s.exec(text);
    if (match === null) {
      if (text === node.value) {
        throw new ShellError(`${text}: syntax error: operand expected (error token is "${text}")`);
      }
      return evaluateText(this.#shell, text, this.#expand, this.#depth + 1);
    }
    const [, name, index] = match;
    let value = this.#shell.variables.get(name!);
    if (index !== undefined) {
      const key = await this.#key(name!, index);
      value = this.#shell.variables.find(name!)?.elements?.get(key) ?? (key === '0' ? value : undefined);
    } else if (value === undefined) value = this.#special(name!);
    if (value === undefined && this.#shell.options.has('nounset')) {
      throw new ShellError(`${name}: unbound variable`);
    }
    return evaluateText(this.#shell, value ?? '', this.#expand, this.#depth + 1);
  }

  #special(name: string): string | undefined {
    if (name === 'RANDOM') return String(this.#shell.process.simulation.random('shell').below(32_768));
    return name === 'SECONDS' ? String(this.#shell.seconds) : undefined;
  }
}
