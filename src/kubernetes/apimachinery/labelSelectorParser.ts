// Upstream: apimachinery/pkg/labels/selector.go
import { invalidValue } from './fieldErrors.ts';
import {
  Selector,
  everything,
  isInteger,
  sortRequirements,
  type Operator,
  type Requirement,
} from './labels.ts';
import { checkLabelKey, checkLabelValue } from './names.ts';
import { badRequest, type FieldError } from './statusError.ts';

interface Token {
  readonly kind: 'identifier' | 'operator' | 'end';
  readonly text: string;
}

const symbols = [')', ',', '!', '==', '=', '>', '<', '!=', '('];
const binaryOperators = ['in', 'notin', '=', '==', '!=', '>', '<'];
const binaryOperatorNames = 'in, notin, =, ==, !=, gt, lt';

const parsed = new Map<string, Selector>();
/** How many parsed selectors are kept; watches and lists repeat few. */
const parsedMax = 1000;

/**
 * Reads the string form, `app=web,tier in (a, b),!old`. Throws a BadRequest with upstream's sentence.
 * The result is remembered, so parsing the same text again is a look-up.
 */
export function parseSelector(text: string): Selector {
  const known = parsed.get(text);
  if (known) return known;
  const requirements = new Parser(tokenize(text)).parse();
  const selector = requirements.length === 0 ? everything : new Selector(sortRequirements(requirements));
  if (parsed.size >= parsedMax) parsed.clear();
  parsed.set(text, selector);
  return selector;
}

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const rest = text.slice(at);
    const [space] = /^[ \t\r\n]*/.exec(rest)!;
    const [word] = /^[^ \t\r\n=!(),><]*/.exec(rest)!;
    if (space !== '') {
      at += space.length;
    } else if (word === '') {
      const text = longestSymbol(rest);
      tokens.push({ kind: 'operator', text });
      at += text.length;
    } else {
      tokens.push({ kind: word === 'in' || word === 'notin' ? 'operator' : 'identifier', text: word });
      at += word.length;
    }
  }
  tokens.push({ kind: 'end', text: '' });
  return tokens;
}

function longestSymbol(rest: string): string {
  const two = rest.slice(0, 2);
  return symbols.includes(two) ? two : two.slice(0, 1);
}

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  parse(): Requirement[] {
    const requirements: Requirement[] = [];
    for (;;) {
      const token = this.#peek();
      if (token.kind === 'end') return requirements;
      if (!startsRequirement(token))
        throw badRequest(`found '${token.text}', expected: !, identifier, or 'end of string'`);
      requirements.push(this.#requirement());
      const after = this.#next();
      if (after.kind === 'end') return requirements;
      if (!is(after, ',')) throw badRequest(`found '${after.text}', expected: ',' or 'end of string'`);
      if (!startsRequirement(this.#peek()))
        throw badRequest(`found '${this.#peek().text}', expected: identifier after ','`);
    }
  }

  /** The next token where `in` and `notin` are words like any other. */
  #peek(): Token {
    const token = this.#tokens[this.#at] ?? { kind: 'end', text: '' };
    return token.text === 'in' || token.text === 'notin' ? { ...token, kind: 'identifier' } : token;
  }

  #next(): Token {
    const token = this.#peek();
    this.#at++;
    return token;
  }

  #requirement(): Requirement {
    const absent = is(this.#peek(), '!');
    if (absent) this.#at++;
    const { kind, text: key } = this.#next();
    if (kind !== 'identifier') throw unparsable(`found '${key}', expected: identifier`);
    const sentences = checkLabelKey(key);
    if (sentences.length > 0) throw unparsable(sentence(invalidValue('<nil>', key, sentences.join('; '))));
    const after = this.#peek();
    // `!key` is a whole requirement: the `=` of `!key=value` is what the caller stumbles over.
    if (absent) return { key, operator: '!', values: [] };
    if (after.kind === 'end' || is(after, ',')) return { key, operator: 'exists', values: [] };
    return checked({ key, operator: this.#operator(), values: this.#values() });
  }

  #operator(): Operator {
    const { text } = this.#next();
    if (binaryOperators.includes(text)) return text as Operator;
    throw unparsable(`found '${text}', expected: ${binaryOperatorNames}`);
  }

  #values(): string[] {
    const operator = this.#tokens[this.#at - 1]!.text;
    const values = operator === 'in' || operator === 'notin' ? this.#list() : [this.#exactValue()];
    return [...new Set(values)].sort();
  }

  #exactValue(): string {
    const { kind, text } = this.#peek();
    if (kind === 'end' || text === ',') return '';
    this.#at++;
    if (kind !== 'identifier') throw unparsable(`found '${text}', expected: identifier`);
    return text;
  }

  #list(): string[] {
    const open = this.#next();
    if (!is(open, '(')) throw unparsable(`found '${open.text}' expected: '('`);
    const first = this.#peek();
    if (first.kind !== 'identifier' && !is(first, ',') && !is(first, ')'))
      throw unparsable(`found '${first.text}', expected: ',', ')' or identifier`);
    const values: string[] = [];
    for (let expectValue = true; ;) {
      const token = this.#next();
      if (is(token, ')')) return expectValue ? [...values, ''] : values;
      if (is(token, ',')) {
        if (expectValue) values.push('');
        expectValue = true;
      } else if (!expectValue) {
        throw unparsable(`found '${token.text}', expected: ',' or ')'`);
      } else if (token.kind === 'identifier') {
        values.push(token.text);
        expectValue = false;
      } else {
        throw unparsable(`found '${token.text}', expected: ',', or identifier`);
      }
    }
  }
}

function is(token: Token, symbol: string): boolean {
  return token.kind === 'operator' && token.text === symbol;
}

function startsRequirement(token: Token): boolean {
  return token.kind === 'identifier' || is(token, '!');
}

function unparsable(why: string): Error {
  return badRequest(`unable to parse requirement: ${why}`);
}

function sentence(error: FieldError): string {
  return `${error.field}: ${error.message}`;
}

function checked(requirement: Requirement): Requirement {
  const { key, operator, values } = requirement;
  const errors: FieldError[] = [];
  for (const [index, value] of values.entries()) {
    if ((operator === '>' || operator === '<') && !isInteger(value)) {
      const why = "for 'Gt', 'Lt' operators, the value must be an integer";
      errors.push(invalidValue(`values[${index}]`, value, why));
    }
  }
  for (const [index, value] of values.entries()) {
    const sentences = checkLabelValue(value);
    if (sentences.length > 0)
      errors.push(invalidValue(`values[${index}][${key}]`, value, sentences.join('; ')));
  }
  if (errors.length === 0) return requirement;
  const list = errors.map(sentence);
  throw unparsable(list.length === 1 ? list[0]! : `[${list.join(', ')}]`);
}
