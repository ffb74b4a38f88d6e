import { Optional } from '@marcbachmann/cel-js';
import { meter, startCounting } from './cel/cost.ts';
import { environmentFor } from './cel/library.ts';
import { matchesByRe2, replaceMatches } from './cel/matches.ts';
import { rewriteMessages } from './cel/messages.ts';
import { checkTypes } from './cel/typeCheck.ts';
import { type CelType, formatType, isDyn } from './cel/types.ts';

/** A compiled expression: variables by name, already through `celValue`. It throws where CEL has an error. */
export type CelExpression = (variables: Record<string, unknown>) => unknown;

/**
 * Reads a CEL expression that may use `variables` (any, when they are not given). Throws an Error whose message
 * points at the place.
 */
export function compileCel(text: string, variables?: readonly string[]): CelExpression {
  const environment = environmentFor(variables);
  let parsed = environment.parse(rewriteMessages(text));
  parsed.check();
  if (text.includes('matches')) {
    // What is wrong with the expression was said of it as it is written.
    parsed = environment.parse(rewriteMessages(text));
    replaceMatches(parsed.ast);
    parsed.check();
  }
  meter(parsed.ast);
  return (values) => {
    startCounting();
    return parsed(values);
  };
}

const converted = new WeakMap<object, unknown>();

/** A JSON value as CEL sees it: whole numbers are ints. Objects that never change are converted once. */
export function celValue(value: unknown): unknown {
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : value;
  if (typeof value !== 'object' || value === null) return value;
  let known = converted.get(value);
  if (known === undefined) {
    known = Array.isArray(value)
      ? value.map(celValue)
      : Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, celValue(entry)]));
    converted.set(value, known);
  }
  return known;
}

/** A value that may be absent (`undefined`), as expressions see it. */
export function celOptional(value: unknown): unknown {
  return Optional.of(value);
}

/** What an expression answered, as JSON has it. */
export function jsonValue(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(jsonValue);
  if (value instanceof Map) return jsonValue(Object.fromEntries(value));
  if (typeof value !== 'object' || value === null) return value;
  // What is left are types such as quantities, which say themselves.
  if (Object.getPrototypeOf(value) !== Object.prototype) return (value as { toString(): string }).toString();
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, jsonValue(entry)]));
}

/** What cel-js's errors have beside their message. */
interface CelJsError extends Error {
  readonly summary?: string;
  readonly range?: { readonly start: number };
}

/** Why an evaluation failed, in cel-go's words: without place, beginning small. */
export function celErrorText(error: unknown): string {
  const { summary, message } = error as CelJsError;
  const text = (summary ?? message).replace(`.${matchesByRe2}(`, '.matches(');
  if (/^(No|Division|Index|Expression) /.test(text)) return text[0]!.toLowerCase() + text.slice(1);
  return text;
}

/** A problem as cel-go prints it: with its place, the line and a mark under it. */
function displayed(text: string, at: number, sentence: string): string {
  const before = text.slice(0, at).split('\n');
  const column = before.at(-1)!.length;
  const line = text.split('\n')[before.length - 1] ?? '';
  return `ERROR: <input>:${before.length}:${column + 1}: ${sentence}\n | ${line}\n | ${'.'.repeat(column)}^`;
}

function displayedError(text: string, { name, message, summary = message, range }: CelJsError): string {
  const unknown = /^Unknown variable: (.*)$/.exec(summary);
  const sentence =
    unknown !== null
      ? `undeclared reference to '${unknown[1]}' (in container '')`
      : name === 'ParseError'
        ? `Syntax error: ${summary}`
        : summary;
  return displayed(text, range?.start ?? 0, sentence);
}

/** What cel-go finds wrong with an expression, or the type that it answers with, and how that is called: `list(string)`. */
export type TypedCheck = { readonly issues: string } | { readonly type: string; readonly celType: CelType };

/** Checks an expression against what is known of its variables. An answer that can be of any type is `dyn`. */
export function checkTypedCel(text: string, variables: ReadonlyMap<string, CelType>): TypedCheck {
  const environment = environmentFor([...variables.keys()]);
  const source = rewriteMessages(text);
  try {
    const { type, problems } = checkTypes(environment.parse(source).ast, environment, variables);
    if (problems.length > 0)
      return { issues: problems.map(({ at, message }) => displayed(source, at, message)).join('\n') };
    const checked = environment.check(source);
    if (!checked.valid) return { issues: displayedError(text, checked.error as CelJsError) };
    return { type: isDyn(type) && checked.type === 'bool' ? 'bool' : formatType(type), celType: type };
  } catch (error) {
    return { issues: displayedError(text, error as CelJsError) };
  }
}

/**
 * What is wrong with an expression that may use `variables` and must answer with one of `types` (with anything when
 * there are none); undefined when nothing is.
 */
export function checkCel(
  text: string,
  variables: readonly string[],
  types: readonly string[],
): string | undefined {
  const result = environmentFor(variables).check(rewriteMessages(text));
  if (!result.valid) return `compilation failed: ${displayedError(text, result.error as CelJsError)}`;
  const type = result.type === 'null' ? 'null_type' : result.type!;
  if (types.length === 0 || type === 'dyn' || types.includes(type)) return undefined;
  return types.length === 1 ? `must evaluate to ${types[0]}` : `must evaluate to one of [${types.join(' ')}]`;
}
