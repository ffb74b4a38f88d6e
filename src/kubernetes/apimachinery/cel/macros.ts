// Upstream: cel-go/ext/comprehensions.go, cel-go/cel/library.go (optMap)
import { type Environment, Optional } from '@marcbachmann/cel-js';
import { spend } from './cost.ts';

/** What the macros use of cel-js's insides. */
interface SyntaxNode {
  readonly op: string;
  readonly args: unknown;
}

interface Context {
  forkWithVariable(name: string, type: unknown): Overlay;
}

interface Overlay extends Context {
  reuse(parent: Context): Overlay;
  setIterValue(value: unknown, evaluator: Evaluator): Overlay;
}

interface Evaluator {
  run(node: SyntaxNode, context: Context): unknown;
  tryEval(node: SyntaxNode, context: Context): unknown;
}

interface Checker {
  check(node: SyntaxNode, context: Context): unknown;
  getType(name: string): unknown;
}

interface Expansion {
  readonly args: readonly SyntaxNode[];
  readonly receiver: SyntaxNode;
}

/** Index and value of a list, key and value of a map. */
type Entry = readonly [key: unknown, value: unknown];

/** Runs one part of the macro for one entry; `attempt` answers with an error instead of throwing it. */
type Run = (part: number, entry: Entry) => unknown;
type Fold = (entries: readonly Entry[], run: Run, attempt: Run) => unknown;

function entriesOf(collection: unknown): Entry[] {
  if (Array.isArray(collection)) return collection.map((value, index) => [BigInt(index), value]);
  if (collection instanceof Map) return [...collection.entries()];
  if (typeof collection === 'object' && collection !== null) return Object.entries(collection);
  throw new Error('no such overload');
}

/** A macro over a list or map whose first two arguments name its variables. */
function twoVariables(returnType: string, fold: Fold): (expansion: Expansion) => object {
  return ({ args: [first, second, ...parts], receiver }) => {
    if (first?.op !== 'id' || second?.op !== 'id') throw new Error('argument must be a simple name');
    let outer: Overlay;
    let inner: Overlay;
    return {
      receiver,
      parts,
      typeCheck(checker: Checker, _macro: unknown, context: Context) {
        checker.check(receiver, context);
        outer = context.forkWithVariable(first.args as string, checker.getType('dyn'));
        inner = outer.forkWithVariable(second.args as string, checker.getType('dyn'));
        for (const part of parts) checker.check(part, inner);
        return checker.getType(returnType);
      },
      evaluate(evaluator: Evaluator, _macro: unknown, context: Context) {
        const entries = entriesOf(evaluator.run(receiver, context));
        const enter = ([key, value]: Entry) => {
          spend(1 + parts.length);
          return inner
            .reuse(outer.reuse(context).setIterValue(key, evaluator))
            .setIterValue(value, evaluator);
        };
        return fold(
          entries,
          (part, entry) => evaluator.run(parts[part]!, enter(entry)),
          (part, entry) => evaluator.tryEval(parts[part]!, enter(entry)),
        );
      },
    };
  };
}

/** Looks for an entry with this answer; an error counts only when no entry has it. */
function quantifier(decisive: boolean): Fold {
  return (entries, _run, attempt) => {
    let error: Error | undefined;
    for (const entry of entries) {
      const answer = attempt(0, entry);
      if (answer === decisive) return decisive;
      if (answer instanceof Error) error ??= answer;
    }
    if (error !== undefined) throw error;
    return !decisive;
  };
}

const existsOne: Fold = (entries, run) => entries.filter((entry) => run(0, entry) === true).length === 1;

function transformList(isFiltered: boolean): Fold {
  return (entries, run) =>
    entries
      .filter((entry) => !isFiltered || run(0, entry) === true)
      .map((entry) => run(isFiltered ? 1 : 0, entry));
}

function transformMap(isFiltered: boolean): Fold {
  return (entries, run) =>
    Object.fromEntries(
      entries
        .filter((entry) => !isFiltered || run(0, entry) === true)
        .map((entry) => [String(entry[0]), run(isFiltered ? 1 : 0, entry)]),
    );
}

function transformEntries(isFiltered: boolean): Fold {
  return (entries, run) =>
    Object.assign(
      {},
      ...entries
        .filter((entry) => !isFiltered || run(0, entry) === true)
        .map((entry) => run(isFiltered ? 1 : 0, entry)),
    ) as unknown;
}

/** `optional.optMap(name, expression)`: the expression of what there is, none where there is nothing. */
function optionalMacro(isFlat: boolean): (expansion: Expansion) => object {
  return ({ args: [variable, body], receiver }) => {
    if (variable?.op !== 'id' || body === undefined) throw new Error('argument must be a simple name');
    let inner: Overlay;
    return {
      receiver,
      body,
      typeCheck(checker: Checker, _macro: unknown, context: Context) {
        checker.check(receiver, context);
        inner = context.forkWithVariable(variable.args as string, checker.getType('dyn'));
        checker.check(body, inner);
        return checker.getType('optional<dyn>');
      },
      evaluate(evaluator: Evaluator, _macro: unknown, context: Context) {
        const held = evaluator.run(receiver, context) as Optional;
        if (!held.hasValue()) return held;
        const answer = evaluator.run(body, inner.reuse(context).setIterValue(held.value(), evaluator));
        return isFlat ? answer : Optional.of(answer);
      },
    };
  };
}

/** The macros with two variables: index and value of lists, key and value of maps. */
export function addMacros(environment: Environment): void {
  const add = (name: string, count: number, type: string, fold: Fold) => {
    const parameters = Array<string>(count).fill('ast').join(', ');
    environment.registerFunction(`list.${name}(${parameters}): ${type}`, twoVariables(type, fold));
  };
  environment.registerFunction('optional<dyn>.optMap(ast, ast): optional<dyn>', optionalMacro(false));
  environment.registerFunction('optional<dyn>.optFlatMap(ast, ast): optional<dyn>', optionalMacro(true));
  add('all', 3, 'bool', quantifier(false));
  add('exists', 3, 'bool', quantifier(true));
  add('existsOne', 3, 'bool', existsOne);
  add('exists_one', 3, 'bool', existsOne);
  add('transformList', 3, 'list', transformList(false));
  add('transformList', 4, 'list', transformList(true));
  add('transformMap', 3, 'map', transformMap(false));
  add('transformMap', 4, 'map', transformMap(true));
  add('transformMapEntry', 3, 'map', transformEntries(false));
  add('transformMapEntry', 4, 'map', transformEntries(true));
}
