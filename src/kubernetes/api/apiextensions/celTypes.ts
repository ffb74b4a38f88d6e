// Upstream: apiserver/pkg/cel/common/schemas.go (SchemaDeclType), apiserver/pkg/cel/escaping.go
import {
  bool,
  bytes,
  type CelType,
  double,
  duration,
  dyn,
  int,
  listOf,
  mapOf,
  objectOf,
  string,
  timestamp,
} from '#kubernetes/apimachinery/cel/types.ts';
import type { JsonSchema } from './jsonSchema.ts';

const reserved = new Set(
  'true false null in as break const continue else for function if import let loop package namespace return var void while'.split(
    ' ',
  ),
);

/** A property's name as rules write it. */
export function celName(name: string): string {
  if (reserved.has(name)) return `__${name}__`;
  return name
    .replaceAll('__', '__underscores__')
    .replaceAll('.', '__dot__')
    .replaceAll('-', '__dash__')
    .replaceAll('/', '__slash__');
}

/** Names that rules cannot write, not even escaped. */
function isWritable(name: string): boolean {
  return /^[A-Za-z_./-][\w./-]*$/.test(name);
}

const formats: Readonly<Record<string, CelType>> = {
  byte: bytes,
  duration,
  date: timestamp,
  'date-time': timestamp,
};

/**
 * What rules may know of a value of this schema; undefined where that is nothing. Objects are called `name`, and those
 * in them by their paths from there. A whole resource (`isResource`) has its own kind, its name and what was asked to be its name,
 * whatever its schema says.
 */
export function celTypeOf(schema: JsonSchema, name: string, isResource: boolean): CelType | undefined {
  if (schema['x-kubernetes-int-or-string']) return dyn;
  switch (isResource ? 'object' : schema.type) {
    case 'array': {
      const element = schema.items && typeBelow(schema.items, `${name}.@idx`);
      return element && listOf(element);
    }
    case 'object':
      return typeOfObject(schema, name, isResource);
    case 'string':
      return formats[schema.format ?? ''] ?? string;
    case 'boolean':
      return bool;
    case 'number':
      return double;
    case 'integer':
      return int;
    default:
      return undefined;
  }
}

function typeBelow(schema: JsonSchema, name: string): CelType | undefined {
  return celTypeOf(schema, name, schema['x-kubernetes-embedded-resource'] === true);
}

function typeOfObject(schema: JsonSchema, name: string, isResource: boolean): CelType | undefined {
  const { additionalProperties, properties = {} } = schema;
  if (typeof additionalProperties === 'object') {
    const value = typeBelow(additionalProperties, `${name}.@elem`);
    return value && mapOf(string, value);
  }
  const fields = new Map<string, CelType>();
  for (const [property, own] of Object.entries(properties)) {
    const type = isWritable(property) ? typeBelow(own, `${name}.${property}`) : undefined;
    if (type !== undefined) fields.set(celName(property), type);
  }
  if (isResource) {
    const names = new Map([
      ['name', string],
      ['generateName', string],
    ]);
    fields.set('apiVersion', string).set('kind', string);
    fields.set('metadata', objectOf(`${name}.metadata`, names));
  }
  return objectOf(name, fields);
}
