import { ToolError } from '../tool.ts';
import { formatValue, jqFunctions } from './jqFunctions.ts';
import { parseDefinitions } from './jqParser.ts';
import { define, detached, each, getPath, type Item, plain, type Closure, type Scope } from './jqScope.ts';
import type { JqNode, JqPattern, JqValue } from './jqTree.ts';
import { prelude } from './jqPrelude.ts';
import { bounded, calculate, deletePath, indexOf, isTruthy, JqError, setPath, shown } from './jqValues.ts';

/** Nodes that one filter may evaluate for one input. */
const stepsMax = 2_000_000;
const depthMax = 1_500;

/** Runs filters: every node gives a stream of values, each with its path where paths are asked for. */
export class JqInterpreter {
  readonly #globals: Scope | null;
  readonly #inputs: Iterator<JqValue>;
  readonly #nowMs: () => number;
  #steps = 0;
  #depth = 0;

  constructor(variables: ReadonlyMap<string, JqValue>, inputs: Iterator<JqValue>, nowMs: () => number) {
    let scope: Scope | null = null;
    for (const definition of parseDefinitions(prelude)) scope = define(definition, scope);
    // The builtins see each other, whatever their order.
    for (let at = scope; at !== null; at = at.outer) at.closure!.scope = scope;
    for (const [name, value] of variables) scope = { key: `$${name}`, value, closure: null, outer: scope };
    this.#globals = scope;
    this.#inputs = inputs;
    this.#nowMs = nowMs;
  }

  /** Everything the filter gives for one input. Throws JqError for what the filter did not catch. */
  *run(filter: JqNode, input: JqValue): Generator<JqValue> {
    this.#steps = 0;
    for (const { value } of this.#eval(filter, { value: input, path: null }, this.#globals)) yield value;
  }

  *#eval(node: JqNode, item: Item, scope: Scope | null): Generator<Item> {
    this.#step();
    switch (node.type) {
      case 'identity':
        yield item;
        return;
      case 'recurse':
        yield* this.#recurse(item);
        return;
      case 'literal':
        yield plain(node.value);
        return;
      case 'index':
      case 'slice':
        yield* this.#index(node, item, scope);
        return;
      case 'iterate':
        for (const target of this.#eval(node.target, item, scope)) yield* each(target);
        return;
      case 'pipe':
        for (const left of this.#eval(node.left, item, scope)) yield* this.#eval(node.right, left, scope);
        return;
      case 'comma':
        yield* this.#eval(node.left, item, scope);
        yield* this.#eval(node.right, item, scope);
        return;
      case 'alternative':
        yield* this.#alternative(node.left, node.right, item, scope);
        return;
      case 'update':
        yield* this.#update(node.operator, node.left, node.right, item, scope);
        return;
      case 'if':
        for (const { value } of this.#eval(node.condition, detached(item), scope)) {
          const branch = isTruthy(value) ? node.consequent : node.otherwise;
          if (branch === null) yield item;
          else yield* this.#eval(branch, item, scope);
        }
        return;
      case 'try':
        yield* this.#try(node.body, node.handler, item, scope);
        return;
      case 'reduce':
      case 'foreach':
        yield* this.#fold(node, item, scope);
        return;
      case 'as':
        for (const { value } of this.#eval(node.source, detached(item), scope)) {
          for (const inner of this.#bind(node.pattern, value, scope))
            yield* this.#eval(node.body, item, inner);
        }
        return;
      case 'variable':
        yield plain(this.#variable(node.name, scope));
        return;
      case 'define':
        yield* this.#eval(node.body, item, define(node.definition, scope));
        return;
      case 'call':
        yield* this.#call(node.name, node.args, item, scope);
        return;
      default:
        yield* this.#values(node, item, scope);
    }
  }

  /** Nodes that make new values, which no path leads to. */
  *#values(node: JqNode, item: Item, scope: Scope | null): Generator<Item> {
    switch (node.type) {
      case 'text':
        for (const text of this.#text(node.parts, 0, node.format, item, scope)) yield plain(text);
        return;
      case 'format':
        yield plain(formatValue(node.name, item.value));
        return;
      case 'array': {
        const items: JqValue[] = [];
        if (node.body !== null)
          for (const { value } of this.#eval(node.body, detached(item), scope)) items.push(value);
        yield plain(bounded(items));
        return;
      }
      case 'object':
        for (const value of this.#object(node.entries, 0, item, scope)) yield plain(value);
        return;
      case 'negate':
        for (const { value } of this.#eval(node.body, item, scope)) {
          if (typeof value !== 'number') throw new JqError(`${shown(value)} cannot be negated`);
          yield plain(-value);
        }
        return;
      case 'and':
      case 'or':
        for (const { value } of this.#eval(node.left, detached(item), scope)) {
          if (isTruthy(value) === (node.type === 'or')) yield plain(node.type === 'or');
          else
            for (const right of this.#eval(node.right, detached(item), scope))
              yield plain(isTruthy(right.value));
        }
        return;
      case 'binary':
        for (const right of this.#eval(node.right, detached(item), scope)) {
          for (const left of this.#eval(node.left, detached(item), scope)) {
            yield plain(calculate(node.operator, left.value, right.value));
          }
        }
        return;
      default:
        return;
    }
  }

  *#recurse(item: Item): Generator<Item> {
    this.#step();
    yield item;
    if (typeof item.value !== 'object' || item.value === null) return;
    for (const inner of each(item)) yield* this.#recurse(inner);
  }

  *#index(node: JqNode & { type: 'index' | 'slice' }, item: Item, scope: Scope | null): Generator<Item> {
    for (const target of this.#eval(node.target, item, scope)) {
      for (const key of this.#keys(node, detached(item), scope)) {
        yield {
          value: indexOf(target.value, key),
          path: target.path && [...target.path, key],
        };
      }
    }
  }

  *#keys(node: JqNode & { type: 'index' | 'slice' }, item: Item, scope: Scope | null): Generator<JqValue> {
    if (node.type === 'index') {
      for (const { value } of this.#eval(node.key, item, scope)) yield value;
      return;
    }
    const nothing: JqNode = { type: 'literal', value: null };
    for (const to of this.#eval(node.to ?? nothing, item, scope)) {
      for (const from of this.#eval(node.from ?? nothing, item, scope))
        yield { start: from.value, end: to.value };
    }
  }

  *#text(
    parts: readonly (string | JqNode)[],
    at: number,
    format: string | null,
    item: Item,
    scope: Scope | null,
  ): Generator<string> {
    const part = parts[at];
    if (part === undefined) {
      yield '';
      return;
    }
    if (typeof part === 'string') {
      for (const rest of this.#text(parts, at + 1, format, item, scope)) yield part + rest;
      return;
    }
    for (const rest of this.#text(parts, at + 1, format, item, scope)) {
      for (const { value } of this.#eval(part, detached(item), scope))
        yield formatValue(format ?? '@text', value) + rest;
    }
  }

  *#object(
    entries: readonly (readonly [JqNode, JqNode])[],
    at: number,
    item: Item,
    scope: Scope | null,
  ): Generator<{ readonly [key: string]: JqValue }> {
    const entry = entries[at];
    if (entry === undefined) {
      yield {};
      return;
    }
    for (const key of this.#eval(entry[0], detached(item), scope)) {
      if (typeof key.value !== 'string') {
        throw new JqError(`Object keys must be strings, not ${shown(key.value)}`);
      }
      for (const { value } of this.#eval(entry[1], detached(item), scope)) {
        for (const rest of this.#object(entries, at + 1, item, scope)) {
          yield { [key.value]: value, ...rest };
        }
      }
    }
  }

  *#alternative(left: JqNode, right: JqNode, item: Item, scope: Scope | null): Generator<Item> {
    let any = false;
    try {
      for (const result of this.#eval(left, item, scope)) {
        if (!isTruthy(result.value)) continue;
        any = true;
        yield result;
      }
    } catch (error) {
      if (!(error instanceof JqError)) throw error;
    }
    if (!any) yield* this.#eval(right, item, scope);
  }

  *#try(body: JqNode, handler: JqNode | null, item: Item, scope: Scope | null): Generator<Item> {
    const results = this.#eval(body, item, scope);
    for (;;) {
      let next: IteratorResult<Item>;
      try {
        next = results.next();
      } catch (error) {
        if (!(error instanceof JqError)) throw error;
        if (handler !== null) yield* this.#eval(handler, plain(error.value), scope);
        return;
      }
      if (next.done === true) return;
      yield next.value;
    }
  }

  *#update(operator: string, left: JqNode, right: JqNode, item: Item, scope: Scope | null): Generator<Item> {
    const paths = () =>
      [...this.#eval(left, { value: item.value, path: [] }, scope)].map(({ path }) => path!);
    if (operator === '|=') {
      let result = item.value;
      const deleted: (readonly JqValue[])[] = [];
      for (const path of paths()) {
        const next = this.#eval(right, plain(getPath(result, path)), scope).next();
        if (next.done === true) deleted.push(path);
        else result = setPath(result, path, next.value.value);
      }
      for (const path of deleted.reverse()) result = deletePath(result, path);
      yield plain(result);
      return;
    }
    for (const { value } of this.#eval(right, detached(item), scope)) {
      let result = item.value;
      for (const path of paths()) {
        const before = getPath(result, path);
        let next = value;
        if (operator === '//=') next = isTruthy(before) ? before : value;
        else if (operator !== '=') next = calculate(operator.slice(0, -1), before, value);
        result = setPath(result, path, next);
      }
      yield plain(result);
    }
  }

  *#fold(node: JqNode & { type: 'reduce' | 'foreach' }, item: Item, scope: Scope | null): Generator<Item> {
    for (const start of this.#eval(node.start, detached(item), scope)) {
      let state: JqValue = start.value;
      for (const { value } of this.#eval(node.source, detached(item), scope)) {
        for (const inner of this.#bind(node.pattern, value, scope)) {
          let last: JqValue = node.type === 'reduce' ? null : state;
          for (const result of this.#eval(node.update, plain(state), inner)) {
            last = result.value;
            if (node.type === 'reduce') continue;
            if (node.extract === null) yield plain(last);
            else yield* this.#eval(node.extract, plain(last), inner);
          }
          state = last;
        }
      }
      if (node.type === 'reduce') yield plain(state);
    }
  }

  *#bind(pattern: JqPattern, value: JqValue, scope: Scope | null): Generator<Scope | null> {
    if (pattern.type === 'name') {
      yield { key: `$${pattern.name}`, value, closure: null, outer: scope };
      return;
    }
    if (pattern.type === 'items') {
      let scopes: (Scope | null)[] = [scope];
      pattern.items.forEach((item, index) => {
        scopes = scopes.flatMap((each) => [...this.#bind(item, indexOf(value, index), each)]);
      });
      yield* scopes;
      return;
    }
    let scopes: (Scope | null)[] = [scope];
    for (const [keyNode, inner] of pattern.fields) {
      scopes = scopes.flatMap((each) =>
        [...this.#eval(keyNode, plain(value), each)].flatMap((key) => [
          ...this.#bind(inner, indexOf(value, key.value), each),
        ]),
      );
    }
    yield* scopes;
  }

  #variable(name: string, scope: Scope | null): JqValue {
    for (let at = scope; at !== null; at = at.outer) if (at.key === `$${name}`) return at.value!;
    throw new ToolError(`error: $${name} is not defined at <top-level>, line 1:\njq: 1 compile error`, 3);
  }

  *#call(name: string, args: readonly JqNode[], item: Item, scope: Scope | null): Generator<Item> {
    const key = `${name}/${args.length}`;
    for (let at = scope; at !== null; at = at.outer) {
      if (at.key !== key) continue;
      const closure = at.closure!;
      // A definition sees itself; a filter argument sees what its caller saw.
      let inner =
        closure.scope === null && closure.parameters.length + args.length === 0 ? at : (closure.scope ?? at);
      closure.parameters.forEach((parameter, index) => {
        const argument: Closure = { parameters: [], body: args[index]!, scope };
        inner = { key: `${parameter}/0`, value: undefined, closure: argument, outer: inner };
      });
      if (++this.#depth > depthMax) throw new ToolError('error: the filter calls itself too deeply', 5);
      try {
        yield* this.#eval(closure.body, item, inner);
      } finally {
        this.#depth--;
      }
      return;
    }
    yield* this.#builtin(name, args, item, scope);
  }

  *#builtin(name: string, args: readonly JqNode[], item: Item, scope: Scope | null): Generator<Item> {
    switch (`${name}/${args.length}`) {
      case 'empty/0':
        return;
      case 'error/0':
        throw new JqError(item.value);
      case 'error/1':
        for (const { value } of this.#eval(args[0]!, detached(item), scope)) throw new JqError(value);
        return;
      case 'path/1':
        for (const { path } of this.#eval(args[0]!, { value: item.value, path: [] }, scope))
          yield plain(path);
        return;
      case 'getpath/1':
        for (const { value } of this.#eval(args[0]!, detached(item), scope)) {
          const path = value as readonly JqValue[];
          yield { value: getPath(item.value, path), path: item.path && [...item.path, ...path] };
        }
        return;
      case 'del/1': {
        const paths = [...this.#eval(args[0]!, { value: item.value, path: [] }, scope)].map(
          ({ path }) => path!,
        );
        yield plain(paths.reverse().reduce<JqValue>(deletePath, item.value));
        return;
      }
      case 'range/2':
        yield* this.#range(args[0]!, args[1]!, detached(item), scope);
        return;
      case 'limit/2':
        for (const count of this.#eval(args[0]!, detached(item), scope)) {
          let left = Number(count.value);
          if (left <= 0) continue;
          for (const result of this.#eval(args[1]!, item, scope)) {
            yield result;
            if (--left === 0) break;
          }
        }
        return;
      case 'first/1':
        for (const result of this.#eval(args[0]!, item, scope)) {
          yield result;
          return;
        }
        return;
      case 'input/0': {
        const next = this.#inputs.next();
        if (next.done === true) throw new JqError('No more inputs');
        yield plain(next.value);
        return;
      }
      case 'now/0':
        yield plain(this.#nowMs() / 1000);
        return;
      default:
        break;
    }
    const own = jqFunctions[`${name}/${args.length}`];
    if (own === undefined) {
      throw new ToolError(
        `error: ${name}/${args.length} is not defined at <top-level>, line 1:\njq: 1 compile error`,
        3,
      );
    }
    yield* this.#withArguments(own, args, [], item, scope);
  }

  *#range(first: JqNode, last: JqNode, item: Item, scope: Scope | null): Generator<Item> {
    for (const from of this.#eval(first, item, scope)) {
      for (const to of this.#eval(last, item, scope)) {
        for (let at = Number(from.value); at < Number(to.value); at++) {
          this.#step();
          yield plain(at);
        }
      }
    }
  }

  #step(): void {
    if (++this.#steps > stepsMax) throw new ToolError('error: the filter takes too many steps', 5);
  }

  *#withArguments(
    own: (input: JqValue, ...args: JqValue[]) => JqValue,
    args: readonly JqNode[],
    values: readonly JqValue[],
    item: Item,
    scope: Scope | null,
  ): Generator<Item> {
    const next = args[values.length];
    if (next === undefined) {
      yield plain(own(item.value, ...values));
      return;
    }
    for (const { value } of this.#eval(next, detached(item), scope)) {
      yield* this.#withArguments(own, args, [...values, value], item, scope);
    }
  }
}
