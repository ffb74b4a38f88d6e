import type { JqDefinition, JqNode, JqValue } from './jqTree.ts';
import { indexOf, isArray, isObject, JqError, shown } from './jqValues.ts';

/** A value on its way through a filter; with the path that led to it where one is asked for. */
export interface Item {
  readonly value: JqValue;
  readonly path: readonly JqValue[] | null;
}

/** A definition or a filter argument, and where its own names are looked up. */
export interface Closure {
  readonly parameters: readonly string[];
  readonly body: JqNode;
  scope: Scope | null;
}

/** Names in sight: a linked list, innermost first. Functions are keyed `name/arity`, variables `$name`. */
export interface Scope {
  readonly key: string;
  readonly value: JqValue | undefined;
  readonly closure: Closure | null;
  readonly outer: Scope | null;
}

/** Brings a definition in sight, which also sees itself. */
export function define(definition: JqDefinition, outer: Scope | null): Scope {
  const closure: Closure = { parameters: definition.parameters, body: definition.body, scope: null };
  const scope: Scope = {
    key: `${definition.name}/${definition.parameters.length}`,
    value: undefined,
    closure,
    outer,
  };
  closure.scope = scope;
  return scope;
}

/** A value that no path led to. */
export function plain(value: JqValue): Item {
  return { value, path: null };
}

/** The same value without its path. */
export function detached(item: Item): Item {
  return item.path === null ? item : plain(item.value);
}

/** What stands at a path; null where nothing does. */
export function getPath(value: JqValue, path: readonly JqValue[]): JqValue {
  return path.reduce((inner, key) => (inner === null ? null : indexOf(inner, key)), value);
}

/** What `.[]` gives. */
export function* each({ value, path }: Item): Generator<Item> {
  if (isArray(value)) {
    for (const [index, inner] of value.entries()) yield { value: inner, path: path && [...path, index] };
  } else if (isObject(value)) {
    for (const [key, inner] of Object.entries(value)) yield { value: inner, path: path && [...path, key] };
  } else
    throw new JqError(
      `Cannot iterate over ${value === null ? 'null' : shown(value)}`.replace(/ \(null\)$/, ''),
    );
}
