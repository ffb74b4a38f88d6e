// Upstream: Go's encoding/json, as the API and kubectl print decoded objects
import { isObject } from './goValue.ts';

/**
 * JSON as Go's json.Marshal writes a map: keys in order, `<`, `>` and `&` escaped. With an indent, as
 * json.MarshalIndent does.
 */
export function formatGoJson(value: unknown, indent = ''): string {
  return write(value, indent, indent === '' ? '' : '\n');
}

/** `newLine` is the line break with the current indent, empty where the output is one line. */
function write(value: unknown, indent: string, newLine: string): string {
  if (Array.isArray(value)) {
    const elements = value.map((element) => write(element, indent, newLine && newLine + indent));
    return wrap('[', elements, ']', indent, newLine);
  }
  if (!isObject(value)) return escape(value);
  const colon = newLine ? ': ' : ':';
  const fields = Object.keys(value)
    .filter((key) => value[key] !== undefined)
    .sort()
    .map((key) => escape(key) + colon + write(value[key], indent, newLine && newLine + indent));
  return wrap('{', fields, '}', indent, newLine);
}

function wrap(open: string, parts: string[], close: string, indent: string, newLine: string): string {
  if (parts.length === 0) return open + close;
  const inner = newLine && newLine + indent;
  return open + inner + parts.join(`,${inner}`) + newLine + close;
}

function escape(scalar: unknown): string {
  return JSON.stringify(scalar ?? null).replaceAll(
    /[<>&\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
