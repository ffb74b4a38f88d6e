import { compileRegex, type Regex, RegexError } from '#text/regex.ts';
import { decodeBase64, encodeBase64, toBytes, utf8Length } from '#world/machine/utf8.ts';
import { formatDate } from '../date.ts';
import type { JqValue } from './jqTree.ts';
import {
  bounded,
  compareValues,
  indexOf,
  isArray,
  isObject,
  isTruthy,
  JqError,
  keysOf,
  setPath,
  shown,
  toJson,
  typeOf,
} from './jqValues.ts';

function needText(value: JqValue, what: string): string {
  if (typeof value !== 'string') throw new JqError(`${shown(value)} ${what}`);
  return value;
}

function needArray(value: JqValue, what: string): readonly JqValue[] {
  if (!isArray(value)) throw new JqError(`${shown(value)} ${what}`);
  return value;
}

function numeric(act: (value: number) => number): (input: JqValue) => JqValue {
  return (input) => {
    if (typeof input !== 'number') throw new JqError(`${shown(input)} number required`);
    return act(input);
  };
}

function lengthOf(value: JqValue): number {
  if (value === null) return 0;
  if (typeof value === 'number') return Math.abs(value);
  if (typeof value === 'string') return Array.from(value).length;
  if (isArray(value)) return value.length;
  if (isObject(value)) return Object.keys(value).length;
  throw new JqError(`${shown(value)} has no length`);
}

function keys(value: JqValue, sorts: boolean): JqValue {
  if (isArray(value)) return value.map((_, index) => index);
  if (isObject(value)) return sorts ? keysOf(value) : Object.keys(value);
  throw new JqError(`${shown(value)} has no keys`);
}

function has(value: JqValue, key: JqValue): boolean {
  if (isObject(value) && typeof key === 'string') return Object.hasOwn(value, key);
  if (isArray(value) && typeof key === 'number') return key >= 0 && key < value.length;
  throw new JqError(
    `Cannot check whether ${typeOf(value)} has a ${typeof key === 'string' ? 'string' : typeOf(key)} key`,
  );
}

function contains(value: JqValue, part: JqValue): boolean {
  if (isObject(value) && isObject(part)) {
    return Object.entries(part).every(
      ([key, each]) => Object.hasOwn(value, key) && contains(value[key]!, each),
    );
  }
  if (isArray(value) && isArray(part))
    return part.every((each) => value.some((item) => contains(item, each)));
  if (typeof value === 'string' && typeof part === 'string') return value.includes(part);
  if (typeOf(value) === typeOf(part)) return compareValues(value, part) === 0;
  throw new JqError(`${shown(value)} and ${shown(part)} cannot have their containment checked`);
}

function flatten(items: readonly JqValue[], depth: number): JqValue[] {
  return items.flatMap((item) => (isArray(item) && depth > 0 ? flatten(item, depth - 1) : [item]));
}

function regexOf(source: JqValue, flags: JqValue): { regex: Regex; global: boolean } {
  const letters = flags === null ? '' : needText(flags, 'is not a string');
  if (typeof source !== 'string')
    throw new JqError(`${shown(source)} cannot be matched, as it is not a string`);
  try {
    return {
      regex: compileRegex(source, 'perl', { ignoreCase: letters.includes('i') }),
      global: letters.includes('g'),
    };
  } catch (error) {
    if (error instanceof RegexError)
      throw new JqError(`${source} (at offset 0) is not a valid regex: ${error.message}`);
    throw error;
  }
}

function matchAll(input: JqValue, source: JqValue, flags: JqValue): JqValue {
  // `test(["a", "i"])` gives the flags with the pattern.
  if (isArray(source)) return matchAll(input, source[0] ?? null, source[1] ?? null);
  const text = needText(input, 'cannot be matched, as it is not a string');
  const { regex, global } = regexOf(source, flags);
  const found: JqValue[] = [];
  const names = new Map([...regex.names].map(([name, group]) => [group, name]));
  for (const match of regex.all(text)) {
    const captures = match.groups.slice(1).map((group, index) => ({
      offset: group === undefined ? -1 : text.indexOf(group, match.start),
      length: group?.length ?? 0,
      string: group ?? null,
      name: names.get(index + 1) ?? null,
    }));
    const piece = text.slice(match.start, match.end);
    found.push({ offset: match.start, length: piece.length, string: piece, captures });
    if (!global) break;
  }
  return found;
}

function splitBy(input: JqValue, source: JqValue, flags: JqValue): JqValue {
  const text = needText(input, 'cannot be matched, as it is not a string');
  const parts: string[] = [];
  let from = 0;
  for (const match of regexOf(source, flags).regex.all(text)) {
    parts.push(text.slice(from, match.start));
    from = match.end;
  }
  return [...parts, text.slice(from)];
}

function indices(value: JqValue, part: JqValue): JqValue {
  if (value === null) return null;
  if (typeof value === 'string') {
    const text = needText(part, 'cannot be searched for');
    const found: number[] = [];
    if (text === '') return null;
    for (let at = value.indexOf(text); at >= 0; at = value.indexOf(text, at + 1)) found.push(at);
    return found;
  }
  if (isArray(value) && isArray(part)) return indexOf(value, part);
  return needArray(value, 'cannot be searched').flatMap((item, index) =>
    compareValues(item, part) === 0 ? [index] : [],
  );
}

function parseJson(text: string): JqValue {
  try {
    return JSON.parse(text) as JqValue;
  } catch {
    throw new JqError(`${text.slice(0, 40)} (while parsing '${text.slice(0, 40)}')`);
  }
}

function toNumber(value: JqValue): number {
  if (typeof value === 'number') return value;
  const text = typeof value === 'string' ? value.trim() : '';
  if (text === '' || Number.isNaN(Number(text)))
    throw new JqError(`${shown(value)} cannot be parsed as a number`);
  return Number(text);
}

function parseDate(value: JqValue): number {
  const ms = Date.parse(needText(value, 'cannot be parsed as a date'));
  if (Number.isNaN(ms)) throw new JqError(`date ${toJson(value)} does not match format "%Y-%m-%dT%H:%M:%SZ"`);
  return ms / 1000;
}

function trim(value: JqValue, part: JqValue, start: boolean): JqValue {
  if (typeof value !== 'string' || typeof part !== 'string' || part === '') return value;
  if (start) return value.startsWith(part) ? value.slice(part.length) : value;
  return value.endsWith(part) ? value.slice(0, -part.length) : value;
}

function join(value: JqValue, separator: JqValue): JqValue {
  const items = needArray(value, 'cannot be iterated over').map((item) => {
    if (item === null) return '';
    if (typeof item === 'object') throw new JqError(`${shown('')} and ${shown(item)} cannot be added`);
    return typeof item === 'string' ? item : toJson(item);
  });
  return bounded(items.join(needText(separator, 'cannot join')));
}

function add(value: JqValue): JqValue {
  const items = isObject(value) ? Object.values(value) : needArray(value, 'cannot be iterated over');
  if (items.every((item) => typeof item === 'number'))
    return items.length === 0 ? null : items.reduce((a, b) => a + b);
  if (items.every((item) => typeof item === 'string')) return bounded(items.join(''));
  if (items.every(isArray)) return bounded(items.flat(1));
  return items.reduce<JqValue>((sum, item) => {
    if (sum === null) return item;
    if (item === null) return sum;
    if (isObject(sum) && isObject(item)) return { ...sum, ...item };
    throw new JqError(`${shown(sum)} and ${shown(item)} cannot be added`);
  }, null);
}

/** Pairs of a key and an item, as sort_by and group_by make them. */
function pairs(value: JqValue): readonly (readonly [JqValue, JqValue])[] {
  return value as readonly (readonly [JqValue, JqValue])[];
}

function groupPairs(value: JqValue): JqValue {
  const groups: JqValue[][] = [];
  let last: JqValue | undefined;
  for (const [key, item] of pairs(value)) {
    if (last !== undefined && compareValues(last, key) === 0) groups.at(-1)!.push(item);
    else groups.push([item]);
    last = key;
  }
  return groups;
}

function changeCase(value: JqValue, upper: JqValue): JqValue {
  const text = needText(value, 'cannot be case-changed');
  return upper === true
    ? text.replace(/[a-z]+/g, (part) => part.toUpperCase())
    : text.replace(/[A-Z]+/g, (part) => part.toLowerCase());
}

/** Builtins of plain values, by `name/arity`. */
export const jqFunctions: Readonly<Record<string, (input: JqValue, ...args: JqValue[]) => JqValue>> = {
  'not/0': (input) => !isTruthy(input),
  'type/0': typeOf,
  'length/0': lengthOf,
  'utf8bytelength/0': (input) => utf8Length(needText(input, 'only strings have UTF-8 byte length')),
  'keys/0': (input) => keys(input, true),
  'keys_unsorted/0': (input) => keys(input, false),
  'has/1': (input, key) => has(input, key),
  'contains/1': (input, part) => contains(input, part),
  'add/0': add,
  'floor/0': numeric(Math.floor),
  'ceil/0': numeric(Math.ceil),
  'round/0': numeric(Math.round),
  'fabs/0': numeric(Math.abs),
  'sqrt/0': numeric(Math.sqrt),
  'tostring/0': (input) => (typeof input === 'string' ? input : toJson(input)),
  'tonumber/0': toNumber,
  'tojson/0': (input) => toJson(input),
  'fromjson/0': (input) => parseJson(needText(input, 'cannot be parsed as JSON')),
  'infinite/0': () => Infinity,
  'nan/0': () => Number.NaN,
  'isinfinite/0': (input) => input === Infinity || input === -Infinity,
  'isnan/0': (input) => Number.isNaN(input),
  'sort/0': (input) => [...needArray(input, 'cannot be sorted, as it is not an array')].sort(compareValues),
  'sort_pairs/0': (input) => [...pairs(input)].sort((a, b) => compareValues(a[0], b[0])),
  'group_pairs/0': groupPairs,
  'reverse/0': (input) =>
    typeof input === 'string'
      ? Array.from(input).reverse().join('')
      : input === null
        ? []
        : [...needArray(input, 'cannot be reversed')].reverse(),
  'flatten/1': (input, depth) => flatten(needArray(input, 'cannot be flattened'), Number(depth)),
  'indices/1': (input, part) => indices(input, part),
  'startswith/1': (input, part) =>
    needText(input, 'startswith() requires string inputs').startsWith(
      needText(part, 'startswith() requires string inputs'),
    ),
  'endswith/1': (input, part) =>
    needText(input, 'endswith() requires string inputs').endsWith(
      needText(part, 'endswith() requires string inputs'),
    ),
  'ltrimstr/1': (input, part) => trim(input, part, true),
  'rtrimstr/1': (input, part) => trim(input, part, false),
  'trim/0': (input) => needText(input, 'cannot be trimmed').trim(),
  'ltrim/0': (input) => needText(input, 'cannot be trimmed').trimStart(),
  'rtrim/0': (input) => needText(input, 'cannot be trimmed').trimEnd(),
  'explode/0': (input) =>
    Array.from(needText(input, 'cannot be exploded')).map((character) => character.codePointAt(0)!),
  'implode/0': (input) => String.fromCodePoint(...needArray(input, 'cannot be imploded').map(Number)),
  'split/1': (input, separator) => {
    const text = needText(input, 'cannot be split');
    return text === '' ? [] : text.split(needText(separator, 'cannot be a separator'));
  },
  'split/2': (input, source, flags) => splitBy(input, source, flags),
  'join/1': (input, separator) => join(input, separator),
  'ascii_case/1': (input, upper) => changeCase(input, upper),
  'test/2': (input, source, flags) => (matchAll(input, source, flags) as readonly JqValue[]).length > 0,
  'match_all/2': (input, source, flags) => matchAll(input, source, flags),
  'setpath/2': (input, path, value) => setPath(input, path as readonly JqValue[], value),
  'transpose/0': (input) => {
    const rows = needArray(input, 'cannot be transposed') as readonly (readonly JqValue[])[];
    const width = Math.max(0, ...rows.map((row) => row.length));
    return Array.from({ length: width }, (_, column) => rows.map((row) => row[column] ?? null));
  },
  'todateiso/0': (input) => formatDate('%Y-%m-%dT%H:%M:%SZ', Math.floor(toNumber(input)) * 1000),
  'fromdate/0': parseDate,
  'fromdateiso8601/0': parseDate,
  'strftime/1': (input, format) => formatDate(needText(format, 'is not a format'), toNumber(input) * 1000),
  'mktime/0': toNumber,
  'gmtime/0': toNumber,
};

const htmlEntities: Readonly<Record<string, string>> = {
  '<': '&lt;',
  '>': '&gt;',
  '&': '&amp;',
  "'": '&#39;',
  '"': '&quot;',
};

/** `@csv`, `@base64` … of a value. Throws JqError. */
export function formatValue(format: string, value: JqValue): string {
  const text = () => (typeof value === 'string' ? value : toJson(value));
  const cells = (cell: (item: JqValue) => string, separator: string) =>
    needArray(value, `cannot be ${format.slice(1)}-formatted, only an array can be`)
      .map((item) => {
        if (typeof item === 'object' && item !== null)
          throw new JqError(`${shown(item)} is not valid in a ${format.slice(1)} row`);
        return item === null ? '' : cell(item);
      })
      .join(separator);
  const plainText = (item: JqValue) => (typeof item === 'string' ? item : toJson(item));
  switch (format) {
    case '@text':
      return text();
    case '@json':
      return toJson(value);
    case '@csv':
      return cells(
        (item) => (typeof item === 'string' ? `"${item.replaceAll('"', '""')}"` : toJson(item)),
        ',',
      );
    case '@tsv':
      return cells(
        (item) => plainText(item).replaceAll('\\', '\\\\').replaceAll('\t', '\\t').replaceAll('\n', '\\n'),
        '\t',
      );
    case '@sh': {
      const quote = (item: JqValue) =>
        typeof item === 'string' ? `'${item.replaceAll("'", "'\\''")}'` : toJson(item);
      return isArray(value) ? value.map(quote).join(' ') : quote(value);
    }
    case '@html':
      return text().replace(/[<>&'"]/g, (character) => htmlEntities[character]!);
    case '@uri':
      return toBytes(text()).replace(
        /[^A-Za-z0-9\-_.~]/g,
        (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
      );
    case '@base64':
      return encodeBase64(text());
    case '@base64d': {
      const decoded = decodeBase64(text().padEnd(Math.ceil(text().length / 4) * 4, '='));
      if (!decoded.valid) throw new JqError(`${shown(value)} is not valid base64 data`);
      return decoded.text.replace(/[\udc80-\udcff]/gu, '\ufffd');
    }
    default:
      throw new JqError(`${format.slice(1)} is not a valid format`);
  }
}
