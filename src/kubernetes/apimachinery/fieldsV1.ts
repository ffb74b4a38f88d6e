// Upstream: sigs.k8s.io/structured-merge-diff/fieldpath/{serialize,serialize-pe,element}.go
import { type FieldSet, gather, leaf, noFields } from './fieldSet.ts';
import { isObject } from './goValue.ts';

/** A field set as `metadata.managedFields` shows it. */
export type FieldsV1 = { readonly [key: string]: FieldsV1 };

const nothing: FieldsV1 = {};
const encoded = new WeakMap<FieldSet, FieldsV1>();

/** The set as FieldsV1. It must have no `k:#0`. */
export function encodeFields(set: FieldSet): FieldsV1 {
  if (set.keys.length === 0) return nothing;
  let fields = encoded.get(set);
  if (fields === undefined) {
    const made: Record<string, FieldsV1> = set.owned ? { '.': nothing } : {};
    for (const key of set.keys.toSorted(byElement))
      made[key] = encodeFields(set.children[set.keys.indexOf(key)]!);
    fields = made;
    encoded.set(set, fields);
  }
  return fields;
}

/** Names before keys before values, as upstream orders path elements. */
function byElement(a: string, b: string): number {
  const order = 'fkvi'.indexOf(a[0]!) - 'fkvi'.indexOf(b[0]!);
  return order !== 0 ? order : a < b ? -1 : 1;
}

/** Reads FieldsV1; undefined where it is none. */
export function decodeFields(fields: unknown): FieldSet | undefined {
  return decodeNode(fields, 0);
}

/** No object that the API takes nests deeper. */
const depthMax = 500;

function decodeNode(fields: unknown, depth: number): FieldSet | undefined {
  if (!isObject(fields) || depth > depthMax) return undefined;
  const keys = Object.keys(fields);
  if (keys.length === 0) return depth > 0 ? leaf : noFields;
  let gathered = gather;
  const names = new Set<string>();
  let owned = false;
  for (const key of keys) {
    if (key === '.') {
      owned = true;
      continue;
    }
    const element = canonicalElement(key);
    const child = decodeNode(fields[key], depth + 1);
    if (element === undefined || child === undefined) return undefined;
    if (names.has(element)) return undefined;
    names.add(element);
    gathered = gathered.with(element, child);
  }
  return gathered.set(owned);
}

/** A path element in the one form that sets use; undefined where it is none. */
function canonicalElement(text: string): string | undefined {
  const kind = text.slice(0, 2);
  const rest = text.slice(2);
  if (kind === 'f:') return text;
  if (kind === 'i:') return /^-?\d+$/.test(rest) ? text : undefined;
  try {
    const value: unknown = JSON.parse(rest);
    if (kind === 'v:') return `v:${JSON.stringify(value)}`;
    return kind === 'k:' && isObject(value) ? keyElement(value) : undefined;
  } catch {
    return undefined;
  }
}

/** The element of a list's item by its key fields: `k:{"containerPort":80,"protocol":"TCP"}`. */
export function keyElement(fields: Readonly<Record<string, unknown>>): string {
  const names = Object.keys(fields);
  if (names.length === 1) return `k:{${JSON.stringify(names[0])}:${JSON.stringify(fields[names[0]!])}}`;
  return `k:${JSON.stringify(Object.fromEntries(names.sort().map((name) => [name, fields[name]])))}`;
}

/** The element of a plain value in a set. */
export function valueElement(value: unknown): string {
  return `v:${JSON.stringify(value)}`;
}

/** A path as error sentences name it: `.spec.containers[name="web"].image`. */
export function pathText(path: readonly string[]): string {
  return path.map(elementText).join('');
}

export function elementText(element: string): string {
  const rest = element.slice(2);
  if (element.startsWith('f:')) return `.${rest}`;
  if (element.startsWith('v:')) return `[=${rest}]`;
  if (element.startsWith('i:')) return `[${rest}]`;
  const fields = Object.entries(JSON.parse(rest) as Record<string, unknown>);
  return `[${fields.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(',')}]`;
}
