type Fields = { readonly [key: string]: unknown };

/** True for a JSON object: not null, not a list. */
export function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A decoded JSON value as Go's %v prints it: `map[a:1 b:[x y]]`, keys in order. */
export function formatGoValue(value: unknown): string {
  if (value === null || value === undefined) return '<nil>';
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return formatGoNumber(value);
  if (Array.isArray(value)) return `[${value.map(formatGoValue).join(' ')}]`;
  if (!isObject(value)) return value === true ? 'true' : 'false';
  const fields = Object.keys(value)
    .filter((key) => value[key] !== undefined)
    .sort();
  return `map[${fields.map((key) => `${key}:${formatGoValue(value[key])}`).join(' ')}]`;
}

/** A number as Go's %v prints the float64 or int64 that it decodes to. */
function formatGoNumber(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e21)
    return Number.isSafeInteger(value) ? String(value) : BigInt(value).toString();
  const magnitude = Math.abs(value);
  if (magnitude >= 1e-4 || magnitude === 0) return String(value);
  return value.toExponential().replace(/e([-+])(\d)$/, 'e$10$2');
}

/** The Go type that a JSON value decodes to, as error sentences print it. */
export function goTypeOf(value: unknown): string {
  if (value === null || value === undefined) return '%!s(<nil>)';
  if (typeof value === 'string') return 'string';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64';
  if (typeof value === 'boolean') return 'bool';
  return Array.isArray(value) ? '[]interface {}' : 'map[string]interface {}';
}
