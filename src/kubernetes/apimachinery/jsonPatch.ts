// RFC 6902. Upstream: gopkg.in/evanphx/json-patch.v4, whose words and leniencies these are
import { isObject } from './goValue.ts';
import { StatusError, badRequest } from './statusError.ts';
import { deepEqual, share } from './structure.ts';

/**
 * Characters of JSON that the copies of one patch may add: thirty of them that copy each other would make a billion
 * fields of one. Upstream: apiserver/pkg/server/config.go JSONPatchMaxCopyBytes
 */
const copiedLengthMax = 3 * 1024 * 1024;

type Container = { readonly [key: string]: unknown } | readonly unknown[];
type Operation = { readonly [key: string]: unknown };

/**
 * `document` after the operations, sharing all that they did not touch; the document itself where they change
 * nothing. Throws a BadRequest for what is no patch, and an Invalid with upstream's words for the first
 * operation that does not apply (the API server answers that one with a sentence of its own).
 */
export function applyJsonPatch<T>(document: T, patch: unknown): T {
  let current = document as Container;
  let copied = 0;
  for (const operation of checkPatch(patch)) {
    if (operation['op'] !== 'copy') current = applyOperation(current, operation);
    else {
      const { result, length } = copy(current, fromOf(operation, 'copy'), operation, copied);
      current = result;
      copied = length;
    }
  }
  return share(current as T, document);
}

function checkPatch(patch: unknown): readonly Operation[] {
  const cannot = (value: unknown, type: string) =>
    badRequest(`json: cannot unmarshal ${jsonTypeOf(value)} into Go value of type jsonpatch.${type}`);
  if (patch === null) return [];
  if (!Array.isArray(patch)) throw cannot(patch, 'Patch');
  for (const operation of patch) if (!isObject(operation)) throw cannot(operation, 'Operation');
  return patch as Operation[];
}

function jsonTypeOf(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

function applyOperation(document: Container, operation: Operation): Container {
  const value = operation['value'] ?? null;
  switch (operation['op']) {
    case 'add':
      return add(document, pathOf(operation, 'add', ''), value);
    case 'remove':
      return remove(document, pathOf(operation, 'remove', ''));
    case 'replace':
      return replace(document, pathOf(operation, 'replace'), value);
    case 'move':
      return move(document, fromOf(operation, 'move'), operation);
    case 'test':
      return test(document, pathOf(operation, 'test'), operation);
    default: {
      const { op } = operation;
      throw doesNotApply(`Unexpected kind: ${typeof op === 'string' ? op : 'unknown'}`);
    }
  }
}

function doesNotApply(message: string): StatusError {
  return new StatusError('Invalid', message);
}

function missing(message: string): StatusError {
  return doesNotApply(`${message}: missing value`);
}

function pathOf(operation: Operation, verb: string, why = 'operation missing path field: '): string {
  const { path } = operation;
  if (typeof path === 'string') return path;
  throw doesNotApply(`${verb} operation failed to decode path: ${why}missing value`);
}

function fromOf(operation: Operation, verb: string): string {
  const { from } = operation;
  if (typeof from === 'string') return from;
  throw doesNotApply(`${verb} operation failed to decode from: operation, missing from field: missing value`);
}

function add(document: Container, path: string, value: unknown): Container {
  const edited = edit(document, path, (container, key) =>
    addTo(container, key, value, `in add for path: '${path}'`),
  );
  if (!edited) throw missing(`add operation does not apply: doc is missing path: "${path}"`);
  return edited;
}

function remove(document: Container, path: string): Container {
  const edited = edit(document, path, (container, key) => removeFrom(container, key, path));
  if (!edited) throw missing(`remove operation does not apply: doc is missing path: "${path}"`);
  return edited;
}

function replace(document: Container, path: string, value: unknown): Container {
  const edited = edit(document, path, (container, key) => {
    // A missing field is simply set; only a list insists that the element is there.
    if (!isList(container)) return { ...container, [key]: value };
    const index = indexOf(key);
    if (typeof index === 'string' || !inBounds(index, container.length))
      throw missing(`replace operation does not apply: doc is missing key: ${path}`);
    return container.with(index, value);
  });
  if (!edited) throw missing(`replace operation does not apply: doc is missing path: ${path}`);
  return edited;
}

function move(document: Container, from: string, operation: Operation): Container {
  let value: unknown;
  const removed = edit(document, from, (container, key) => {
    value = read(container, key, `in move for path: '${key}'`);
    return removeFrom(container, key, key, 'move');
  });
  if (!removed) throw missing(`move operation does not apply: doc is missing from path: ${from}`);
  const path = pathOf(operation, 'move');
  const added = edit(removed, path, (container, key) =>
    addTo(container, key, value, `in move for path: '${path}'`),
  );
  if (!added) throw missing(`move operation does not apply: doc is missing destination path: ${path}`);
  return added;
}

/** The document with a copy in it, and the length of all copies so far. */
function copy(
  document: Container,
  from: string,
  operation: Operation,
  copied: number,
): { readonly result: Container; readonly length: number } {
  let value: unknown;
  const found = edit(document, from, (container, key) => {
    value = read(container, key, `in copy for from: '${from}'`) ?? null;
    return container;
  });
  if (!found) throw missing(`copy operation does not apply: doc is missing from path: ${from}`);
  const path = pathOf(operation, 'copy', '');
  const length = copied + JSON.stringify(value).length;
  if (length > copiedLengthMax)
    throw doesNotApply(
      `Unable to complete the copy, the accumulated size increase of copy is ${length}, exceeding the limit ${copiedLengthMax}`,
    );
  const added = edit(document, path, (container, key) =>
    addTo(container, key, value, 'while adding value during copy'),
  );
  if (!added) throw missing(`copy operation does not apply: doc is missing destination path: ${path}`);
  return { result: added, length };
}

function test(document: Container, path: string, operation: Operation): Container {
  const found = edit(document, path, (container, key) => {
    const value = read(container, key, `in test for path: '${path}'`) ?? null;
    if ('value' in operation && deepEqual(value, operation['value'])) return container;
    throw doesNotApply(`testing value ${path} failed: test failed`);
  });
  if (!found) throw missing(`test operation does not apply: is missing path: ${path}`);
  return found;
}

/**
 * `document` with the container that `path` points into replaced by what `change` makes of it; undefined
 * where there is no such container.
 */
function edit(
  document: Container,
  path: string,
  change: (container: Container, key: string) => Container,
): Container | undefined {
  const keys = path.split('/').slice(1).map(unescapeKey);
  if (keys.length === 0) return undefined;
  return editAt(document, keys, change);
}

function editAt(
  container: Container,
  [key, ...rest]: readonly string[],
  change: (container: Container, key: string) => Container,
): Container | undefined {
  if (rest.length === 0) return change(container, key!);
  const place = isList(container) ? indexOf(key!) : key!;
  if (isList(container) && (typeof place === 'string' || !inBounds(place, container.length)))
    return undefined;
  const child = isList(container) ? container.at(place as number) : ownField(container, key!);
  if (typeof child !== 'object' || child === null) return undefined;
  const next = editAt(child as Container, rest, change);
  if (next === undefined || next === child) return next && container;
  return isList(container) ? container.with(place as number, next) : { ...container, [key!]: next };
}

function unescapeKey(key: string): string {
  return key.replaceAll('~1', '/').replaceAll('~0', '~');
}

function isList(container: Container): container is readonly unknown[] {
  return Array.isArray(container);
}

function ownField(fields: { readonly [key: string]: unknown }, key: string): unknown {
  return Object.hasOwn(fields, key) ? fields[key] : undefined;
}

/** An index into a list, counted from the end when negative; Go's complaint where the key is no number. */
function indexOf(key: string): number | string {
  if (/^[-+]?\d+$/.test(key)) return Number(key);
  return `strconv.Atoi: parsing ${JSON.stringify(key)}: invalid syntax`;
}

function inBounds(index: number, length: number): boolean {
  return index < length && index >= -length;
}

function outOfBounds(during: string, index: number): StatusError {
  const why = `Unable to access invalid index: ${index}: invalid index referenced`;
  return doesNotApply(`error ${during}: ${why}`);
}

/** The value at `key`, undefined for a field that is not there. */
function read(container: Container, key: string, during: string): unknown {
  if (!isList(container)) return ownField(container, key);
  const index = indexOf(key);
  if (typeof index === 'string') throw doesNotApply(`error ${during}: ${index}`);
  if (!inBounds(index, container.length)) throw outOfBounds(during, index);
  return container.at(index);
}

function addTo(container: Container, key: string, value: unknown, during: string): Container {
  if (!isList(container)) return { ...container, [key]: value };
  if (key === '-') return [...container, value];
  const index = indexOf(key);
  if (typeof index === 'string')
    throw doesNotApply(`error ${during}: value was not a proper array index: '${key}': ${index}`);
  const length = container.length + 1;
  if (!inBounds(index, length)) throw outOfBounds(during, index);
  return container.toSpliced(index < 0 ? index + length : index, 0, value);
}

function removeFrom(container: Container, key: string, path: string, verb = 'remove'): Container {
  const during = `in ${verb} for path: '${path}'`;
  if (!isList(container)) {
    if (!Object.hasOwn(container, key))
      throw missing(`error ${during}: Unable to remove nonexistent key: ${key}`);
    const { [key]: _, ...rest } = container;
    return rest;
  }
  const index = indexOf(key);
  if (typeof index === 'string') throw doesNotApply(`error ${during}: ${index}`);
  if (!inBounds(index, container.length)) throw outOfBounds(during, index);
  return container.toSpliced(index, 1);
}
