// Upstream: sigs.k8s.io/structured-merge-diff/typed/{validate,helpers}.go
import { elementText } from './fieldsV1.ts';
import { formatGoValue, goTypeOf, isObject } from './goValue.ts';
import { ElementError, type Fields, itemElement, type ListSchema, type TypedSchema } from './typedSchema.ts';

/** What is wrong with a value of that type, in upstream's words; empty where nothing is. */
export function validateTyped(schema: TypedSchema, value: unknown, allowDuplicates = false): string[] {
  const problems: string[] = [];
  validate(
    schema,
    value,
    '',
    (path, why) => problems.push(path === '' ? why : `${path}: ${why}`),
    allowDuplicates,
  );
  return problems;
}

/** Problems as one sentence: `errors:` and one line for each where there are several. */
export function problemsText(problems: readonly string[]): string {
  return problems.length === 1
    ? problems[0]!
    : ['errors:', ...problems.map((line) => `  ${line}`)].join('\n');
}

type Report = (path: string, why: string) => void;

function validate(
  schema: TypedSchema,
  value: unknown,
  path: string,
  report: Report,
  allowDuplicates: boolean,
): void {
  if (value === null || value === undefined) return;
  const inside = (of: TypedSchema, item: unknown, element: string) =>
    validate(of, item, path + element, report, allowDuplicates);
  switch (schema.is) {
    case 'scalar': {
      const why = scalarProblem(schema.of, value);
      if (why !== '') report(path, why);
      return;
    }
    case 'struct':
      if (!isObject(value)) return report(path, `expected map, got ${wrapped(value)}`);
      return forEachField(value, (name) => {
        const field = schema.field(name);
        if (field === undefined) report(`${path}.${name}`, 'field not declared in schema');
        else inside(field.schema, value[name], `.${name}`);
      });
    case 'map':
      if (!isObject(value)) return report(path, `expected map, got ${wrapped(value)}`);
      return forEachField(value, (name) => inside(schema.of, value[name], `.${name}`));
    case 'list':
      if (!Array.isArray(value)) return report(path, `expected list, got ${wrapped(value)}`);
      return validateList(schema, value, path, report, allowDuplicates);
    default:
  }
}

function forEachField(value: Fields, visit: (name: string) => void): void {
  for (const name of Object.keys(value).sort()) visit(name);
}

function validateList(
  schema: ListSchema,
  list: readonly unknown[],
  path: string,
  report: Report,
  allowDuplicates: boolean,
): void {
  const seen = new Set<string>();
  for (let i = 0; i < list.length; i++) {
    let element = `[${i}]`;
    if (schema.type !== 'atomic') {
      try {
        const key = itemElement(schema, list[i]);
        element = elementText(key);
        if (seen.has(key) && !allowDuplicates) report(path, `duplicate entries for key ${element}`);
        seen.add(key);
      } catch (error) {
        if (!(error instanceof ElementError)) throw error;
        report(path, `element ${i}: ${error.message}`);
        continue;
      }
    }
    validate(schema.of, list[i], path + element, report, allowDuplicates);
  }
}

function scalarProblem(of: 'string' | 'numeric' | 'boolean' | 'untyped', value: unknown): string {
  if (of === 'numeric')
    return typeof value === 'number' ? '' : `expected numeric (int or float), got ${goTypeOf(value)}`;
  if (of === 'string')
    return typeof value === 'string'
      ? ''
      : `expected string, got &value.valueUnstructured{Value:${goLiteral(value)}}`;
  if (of === 'boolean') return typeof value === 'boolean' ? '' : `expected boolean, got ${wrapped(value)}`;
  return typeof value === 'object' ? `expected any scalar, got ${wrapped(value)}` : '';
}

/** Go's %v of the value's wrapper. */
function wrapped(value: unknown): string {
  return `&{${formatGoValue(value)}}`;
}

/** Go's %#v of a value. */
function goLiteral(value: unknown): string {
  if (Array.isArray(value)) return `[]interface {}{${value.map(goLiteral).join(', ')}}`;
  if (!isObject(value)) return JSON.stringify(value);
  const fields = Object.keys(value)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${goLiteral(value[name])}`);
  return `map[string]interface {}{${fields.join(', ')}}`;
}
