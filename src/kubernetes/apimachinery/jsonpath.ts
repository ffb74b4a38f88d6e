// Upstream: client-go/util/jsonpath/jsonpath.go
import { formatGoValue, goTypeOf, isObject } from './goValue.ts';
import { formatGoJson } from './goJson.ts';
import { parseJsonpathNodes, type JsonpathNode, type Slice } from './jsonpathParser.ts';
import { StatusError, badRequest } from './statusError.ts';

export interface JsonpathOptions {
  /** Whether a field that no input has is an empty result instead of an error; kubectl says yes. */
  readonly allowMissingKeys?: boolean;
  /** Prints each action's results as a JSON list: `-o jsonpath-as-json`. */
  readonly asJson?: boolean;
}

/** How much one descent may find: descents multiply each other, and nobody reads more. Upstream has no bound. */
const resultsMax = 1_000_000;

/** A template in kubectl's dialect of JSONPath, parsed once. The constructor throws a BadRequest. */
export class Jsonpath {
  readonly #nodes: readonly JsonpathNode[];

  constructor(template: string) {
    this.#nodes = parseJsonpathNodes(template);
  }

  /** What each text and action finds in `data`, ranges unrolled. Throws a BadRequest in upstream's words. */
  find(data: unknown, { allowMissingKeys = false }: JsonpathOptions = {}): unknown[][] {
    return new Walk(this.#nodes, allowMissingKeys).find(0, [data]);
  }

  /** The template's output. */
  print(data: unknown, options: JsonpathOptions = {}): string {
    return this.find(data, options)
      .map((results) =>
        options.asJson ? `${formatGoJson(results, '    ')}\n` : results.map(printResult).join(' '),
      )
      .join('');
  }
}

function printResult(value: unknown): string {
  return typeof value === 'object' ? formatGoJson(value) : formatGoValue(value);
}

/** One run of a template. Ranges are kept as upstream keeps them, so that odd templates do what they do there. */
class Walk {
  readonly #nodes: readonly JsonpathNode[];
  readonly #allowMissingKeys: boolean;
  #beginRange = 0;
  #inRange = 0;
  #endRange = 0;
  #lastEnd = -1;

  constructor(nodes: readonly JsonpathNode[], allowMissingKeys: boolean) {
    this.#nodes = nodes;
    this.#allowMissingKeys = allowMissingKeys;
  }

  /** The results from the template's node at `start` to the end of the range, or of the template. */
  find(start: number, input: readonly unknown[]): unknown[][] {
    const found: unknown[][] = [];
    for (let at = start; at < this.#nodes.length; at++) {
      const results = this.#step(this.#nodes[at]!, input);
      if (this.#endRange > 0 && this.#endRange <= this.#inRange) {
        this.#endRange--;
        this.#lastEnd = at;
        break;
      }
      if (this.#beginRange > 0) {
        this.#beginRange--;
        this.#inRange++;
        for (const value of results) found.push(...this.find(at + 1, [value]));
        // A range over nothing still has to be walked, for its end to be found.
        if (results.length === 0) this.find(at + 1, []);
        this.#inRange--;
        if (this.#lastEnd > at) at = this.#lastEnd;
        continue;
      }
      found.push([...results]);
    }
    return found;
  }

  #step(node: JsonpathNode, input: readonly unknown[]): readonly unknown[] {
    switch (node.is) {
      case 'text':
        return [node.text];
      case 'value':
        return input.map(() => node.value);
      case 'list':
        return this.#list(node.nodes, input);
      case 'field':
        return this.#field(node.text, input);
      case 'identifier':
        return this.#identifier(node.text, input);
      case 'wildcard':
        return input.flatMap(childrenOf);
      case 'recursive':
        return descendAll(input);
      case 'union':
        return node.lists.flatMap((list) => this.#list(list, input));
      case 'array':
        return sliceAll(input, node.slice);
      case 'filter':
        return input.flatMap((value) => this.#filter(value, node));
    }
  }

  #list(nodes: readonly JsonpathNode[], input: readonly unknown[]): readonly unknown[] {
    let current = input;
    for (const node of nodes) current = this.#step(node, current);
    return current;
  }

  #field(name: string, input: readonly unknown[]): readonly unknown[] {
    const results: unknown[] = [];
    for (const value of input)
      if (isObject(value) && Object.hasOwn(value, name) && value[name] !== undefined)
        results.push(value[name]);
    if (results.length === 0 && input.length > 0 && !this.#allowMissingKeys)
      throw badRequest(`${name} is not found`);
    return results;
  }

  #identifier(name: string, input: readonly unknown[]): readonly unknown[] {
    if (name === 'range') {
      this.#beginRange++;
      return input;
    }
    if (name !== 'end') throw badRequest(`unrecognized identifier ${name}`);
    if (this.#inRange === 0) throw badRequest('not in range, nothing to end');
    this.#endRange++;
    return [];
  }

  #filter(value: unknown, node: JsonpathNode & { is: 'filter' }): unknown[] {
    if (!Array.isArray(value))
      throw badRequest(`${formatGoValue(value)} is not array or slice and cannot be filtered`);
    return value.filter((element: unknown) => {
      if (node.operator === 'exists') return this.#exists(node.left, element);
      const left = this.#only(node.left, element);
      const right = left.length === 0 ? [] : this.#only(node.right, element);
      return right.length > 0 && compare(left[0], node.operator, right[0]);
    });
  }

  /** What is missing does not exist; a step that fails otherwise counts as a find, as it does upstream. */
  #exists(nodes: readonly JsonpathNode[], element: unknown): boolean {
    try {
      return new Walk([], true).#list(nodes, [element]).length > 0;
    } catch (error) {
      if (error instanceof StatusError) return true;
      throw error;
    }
  }

  #only(nodes: readonly JsonpathNode[], element: unknown): readonly unknown[] {
    const results = this.#list(nodes, [element]);
    if (results.length > 1) throw badRequest('can only compare one element at a time');
    return results;
  }
}

function addResult(results: unknown[], value: unknown): void {
  if (results.length >= resultsMax) throw badRequest(`more than ${resultsMax} results`);
  results.push(value);
}

/** The values of an object in the order of their keys (Go's is none), the elements of a list, a string's bytes. */
function childrenOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  if (typeof value === 'string') return bytesOf(value);
  if (!isObject(value)) return [];
  const keys = Object.keys(value).filter((key) => value[key] !== undefined);
  return keys.sort().map((key) => value[key]);
}

function bytesOf(text: string): number[] {
  const encoded = encodeURIComponent(text).matchAll(/%([\dA-F]{2})|(.)/g);
  return [...encoded].map(([, hex, char]) => (hex ? Number.parseInt(hex, 16) : char!.charCodeAt(0)));
}

function descendAll(input: readonly unknown[]): unknown[] {
  const results: unknown[] = [];
  for (const value of input) descend(value, results);
  return results;
}

/** The value and all in it that hold something, strings among them: upstream takes them for lists of bytes. */
function descend(value: unknown, results: unknown[]): void {
  const children = typeof value === 'string' ? [] : childrenOf(value);
  if (children.length === 0 && (typeof value !== 'string' || value === '')) return;
  addResult(results, value);
  for (const child of children) descend(child, results);
}

function sliceAll(input: readonly unknown[], slice: Slice): unknown[] {
  const results: unknown[] = [];
  for (const value of input) {
    if (value === null || value === undefined) continue;
    if (!Array.isArray(value)) throw badRequest(`${goTypeOf(value)} is not array or slice`);
    const part = sliceOne(value, slice);
    // Upstream stops at the first list of which nothing is asked for.
    if (!part) return results;
    results.push(...part);
  }
  return results;
}

function sliceOne(
  list: readonly unknown[],
  { start = 0, end, step = 1, single }: Slice,
): unknown[] | undefined {
  const { length } = list;
  const from = start < 0 ? start + length : start;
  let to = end ?? length;
  if (to < 0 || (to === 0 && single)) to += length;
  if (from === to) return undefined;
  const outOfBounds = (index: number) =>
    badRequest(`array index out of bounds: index ${index}, length ${length}`);
  if (from < 0 || from >= length) throw outOfBounds(from);
  if (to < 0 || to > length) throw outOfBounds(to - 1);
  if (from > to) throw badRequest(`starting index ${from} is greater than ending index ${to}`);
  if (step <= 0) throw badRequest('step must be > 0');
  return list.slice(from, to).filter((_, index) => index % step === 0);
}

/** Upstream: third_party/forked/golang/template/funcs.go. Integers and floats do not compare. */
function compare(left: unknown, operator: string, right: unknown): boolean {
  if (!/^([<>]=?|[!=]=)$/.test(operator)) throw badRequest(`unrecognized filter operator ${operator}`);
  for (const value of [left, right])
    if (value === null || typeof value === 'object') throw badRequest('invalid type for comparison');
  if (goTypeOf(left) !== goTypeOf(right)) throw badRequest('incompatible types for comparison');
  if (operator === '==') return left === right;
  if (operator === '!=') return left !== right;
  if (typeof left === 'boolean') throw badRequest('invalid type for comparison');
  const [a, b] = [left as string | number, right as string | number];
  if (operator === '<') return a < b;
  if (operator === '<=') return a <= b;
  return operator === '>' ? a > b : a >= b;
}
