// Upstream: k8s.io/kube-openapi/pkg/schemaconv
import { nameElement, type TypedField, type TypedSchema } from '#kubernetes/apimachinery/typedSchema.ts';
import { applySchemaOf } from '../applySchema.ts';
import type { JsonSchema } from './jsonSchema.ts';

const known = new WeakMap<JsonSchema, TypedSchema>();
const deduced: TypedSchema = { is: 'deduced' };
const string: TypedSchema = { is: 'scalar', of: 'string' };
const metadata = applySchemaOf('io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta');

/** What every object has. */
const whole: Readonly<Record<string, TypedSchema>> = { apiVersion: string, kind: string, metadata };

/** What server-side apply must know of a custom kind: its schema, with what every object has. */
export function customApplySchema({
  schema,
  preservesUnknownFields,
}: {
  readonly schema: JsonSchema;
  readonly preservesUnknownFields: boolean;
}): TypedSchema {
  let found = known.get(schema);
  if (found === undefined) {
    found = preservesUnknownFields ? deduced : structOf(schema, whole);
    known.set(schema, found);
  }
  return found;
}

function schemaOf(schema: JsonSchema | undefined): TypedSchema {
  if (schema === undefined) return deduced;
  if (schema['x-kubernetes-int-or-string']) return { is: 'scalar', of: 'untyped' };
  const { type, items } = schema;
  if (type === 'string') return string;
  if (type === 'boolean') return { is: 'scalar', of: 'boolean' };
  if (type === 'integer' || type === 'number') return { is: 'scalar', of: 'numeric' };
  if (type === 'array') return listOf(schema, items);
  if (type !== 'object') return deduced;
  const { properties, additionalProperties } = schema;
  const atomic = schema['x-kubernetes-map-type'] === 'atomic';
  if (properties === undefined && additionalProperties) {
    const of = additionalProperties === true ? deduced : schemaOf(additionalProperties);
    return { is: 'map', atomic, of };
  }
  if (properties === undefined && schema['x-kubernetes-preserve-unknown-fields']) return deduced;
  return structOf(schema, schema['x-kubernetes-embedded-resource'] ? whole : {});
}

function listOf(schema: JsonSchema, items: JsonSchema | undefined): TypedSchema {
  const type = schema['x-kubernetes-list-type'];
  return {
    is: 'list',
    type: type === 'map' || type === 'set' ? type : 'atomic',
    of: schemaOf(items),
    keys: schema['x-kubernetes-list-map-keys'] ?? [],
    keyDefault: (key) => items?.properties?.[key]?.default,
    unique: false,
  };
}

/** `more` are fields that every such object has, whatever its schema says. */
function structOf(schema: JsonSchema, more: Readonly<Record<string, TypedSchema>>): TypedSchema {
  const fields = new Map<string, TypedField>();
  const open = schema['x-kubernetes-preserve-unknown-fields'] === true;
  return {
    is: 'struct',
    atomic: schema['x-kubernetes-map-type'] === 'atomic',
    presentFields: () => [],
    field(name) {
      let field = fields.get(name);
      if (field !== undefined) return field;
      const own = schema.properties !== undefined && Object.hasOwn(schema.properties, name);
      const of = more[name] ?? (own ? schemaOf(schema.properties[name]) : open ? deduced : undefined);
      if (of === undefined) return undefined;
      field = {
        key: nameElement(name),
        schema: of,
        present: name === 'metadata' && more[name] !== undefined,
      };
      fields.set(name, field);
      return field;
    },
  };
}
