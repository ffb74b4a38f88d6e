import type { JSONSchemaProps, ValidationRule } from '#generated/types/apiextensions.v1.ts';

/** A schema of a CustomResourceDefinition, with the parts that upstream's types leave open. */
export type JsonSchema = Omit<
  JSONSchemaProps,
  'additionalProperties' | 'items' | 'properties' | 'allOf' | 'anyOf' | 'oneOf' | 'not'
> & {
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema;
  readonly properties?: { readonly [name: string]: JsonSchema };
  readonly allOf?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly not?: JsonSchema;
};

export type Rule = ValidationRule;

export type Fields = { readonly [key: string]: unknown };

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The schema of a field, of a map's entry when there are only those, or undefined where the schema says nothing. */
export function schemaOfField(schema: JsonSchema, name: string): JsonSchema | undefined {
  const own = schema.properties;
  if (own !== undefined && Object.hasOwn(own, name)) return own[name];
  return typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined;
}

/** `spec.items[0].name`, `spec.labels[app]` where the parent is a map. */
export function childPath(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}
