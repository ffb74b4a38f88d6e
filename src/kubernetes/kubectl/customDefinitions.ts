import type { Definition, Field, FieldType } from '#kubernetes/api/definitions.ts';
import type { Descriptions } from '#kubernetes/api/openapi.ts';

/** A custom resource's fields, read from the server's OpenAPI: what `explain` knows of built-in kinds from the start. */
export interface CustomDefinitions {
  readonly root: Definition;
  /** The definitions of its objects, by the names that its field types use. */
  readonly definitions: ReadonlyMap<string, Definition>;
  readonly descriptions: Descriptions;
}

interface Schema {
  readonly $ref?: string;
  readonly allOf?: readonly Schema[];
  readonly type?: string;
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly properties?: { readonly [name: string]: Schema };
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
  readonly 'x-kubernetes-int-or-string'?: boolean;
  readonly 'x-kubernetes-group-version-kind'?: readonly { readonly group: string; readonly kind: string }[];
}

/** Reads a document of `/openapi/v3/apis/GROUP/VERSION`; undefined where it has no such kind. */
export function readCustomDefinitions(document: unknown, kind: string): CustomDefinitions | undefined {
  const schemas =
    (document as { components?: { schemas?: Record<string, Schema> } }).components?.schemas ?? {};
  const found = Object.entries(schemas).find(([, schema]) =>
    schema['x-kubernetes-group-version-kind']?.some((one) => one.kind === kind),
  );
  if (found === undefined) return undefined;
  const definitions = new Map<string, Definition>();
  const descriptions: Record<string, Record<string, string>> = {};
  const read = (name: string, schema: Schema): Definition => {
    const fields = Object.entries(schema.properties ?? {}).map(([field, own]): [string, Field] => {
      const required = schema.required?.includes(field) ?? false;
      return [field, { type: typeOf(own, `${name}.${field}`), required }];
    });
    const definition = { name, fields: new Map(fields) };
    definitions.set(name, definition);
    const texts = Object.entries(schema.properties ?? {}).map(([field, own]) => [
      field,
      own.description ?? '',
    ]);
    descriptions[name] = { ...(Object.fromEntries(texts) as object), '': schema.description ?? '' };
    return definition;
  };
  const typeOf = (schema: Schema, name: string): FieldType => {
    const [only, ...more] = schema.allOf ?? [];
    if (only !== undefined && more.length === 0) return typeOf(only, name);
    if (schema.$ref !== undefined)
      return { is: 'object', name: schema.$ref.slice(schema.$ref.lastIndexOf('/') + 1) };
    // Upstream's template names no type for it.
    if (schema['x-kubernetes-int-or-string']) return { is: 'anything' };
    if (schema.enum !== undefined) return { is: 'enum', values: schema.enum.map(String) };
    if (schema.type === 'array') return { is: 'list', of: typeOf(schema.items ?? {}, name) };
    if (typeof schema.additionalProperties === 'object')
      return { is: 'map', of: typeOf(schema.additionalProperties, name) };
    // An object without a name of its own is shown as one: the last part of a name is what explain prints.
    if (schema.properties !== undefined) return { is: 'object', name: read(`${name}.Object`, schema).name };
    return { is: scalars[schema.type ?? ''] ?? 'anything' };
  };
  return { root: read(...found), definitions, descriptions };
}

const scalars: Readonly<Record<string, 'string' | 'int64' | 'double' | 'boolean'>> = {
  string: 'string',
  integer: 'int64',
  number: 'double',
  boolean: 'boolean',
};
