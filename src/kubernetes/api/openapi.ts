// Upstream: kube-openapi/pkg/builder3, and the documents under /openapi/v3
import type { JsonSchema } from './apiextensions/jsonSchema.ts';
import { type Definition, definition, type Field, type FieldType, kubernetesVersion } from './definitions.ts';
import { type AnyKind, apiVersionOf, pathOf } from './kind.ts';
import { isAtomic, mergeRule } from './mergeKeys.ts';

/** Texts by definition and field (`''` is the definition itself), as in #generated/descriptions.json. */
export type Descriptions = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** A JSON schema, or a part of one. */
export type Schema = { readonly [key: string]: unknown };

const refPrefix = '#/components/schemas/';

/** Types that are scalars on the wire, but have a name that `kubectl explain` shows. */
const namedScalars = {
  time: 'io.k8s.apimachinery.pkg.apis.meta.v1.Time',
  microTime: 'io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime',
  quantity: 'io.k8s.apimachinery.pkg.api.resource.Quantity',
  intOrString: 'io.k8s.apimachinery.pkg.util.intstr.IntOrString',
} as const;

const scalarSchemas: Readonly<Record<string, Schema>> = {
  string: { type: 'string' },
  int32: { type: 'integer', format: 'int32' },
  int64: { type: 'integer', format: 'int64' },
  double: { type: 'number', format: 'double' },
  boolean: { type: 'boolean' },
  bytes: { type: 'string', format: 'byte' },
  anything: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
  [namedScalars.time]: { type: 'string', format: 'date-time' },
  [namedScalars.microTime]: { type: 'string', format: 'date-time' },
  [namedScalars.quantity]: { oneOf: [{ type: 'string' }, { type: 'number' }] },
  [namedScalars.intOrString]: { oneOf: [{ type: 'integer' }, { type: 'string' }], format: 'int-or-string' },
};

function typeSchema(type: FieldType, prefix: string): Schema {
  switch (type.is) {
    case 'list':
      return { type: 'array', items: typeSchema(type.of, prefix) };
    case 'map':
      return { type: 'object', additionalProperties: typeSchema(type.of, prefix) };
    case 'enum':
      return { type: 'string', enum: type.values };
    case 'object':
      return { $ref: prefix + type.name };
    case 'time':
    case 'microTime':
    case 'quantity':
    case 'intOrString':
      return { $ref: prefix + namedScalars[type.is] };
    default:
      return scalarSchemas[type.is]!;
  }
}

/** How lists and maps of a field merge, in the words of the extensions. */
function mergeExtensions(definitionName: string, field: string, { type }: Field): Schema {
  const rule = mergeRule(definitionName, field);
  const strategies = [rule?.strategy, rule?.retainKeys && 'retainKeys'].filter(Boolean);
  const isAtomicMap = type.is === 'map' && isAtomic(definitionName, field);
  return {
    ...(type.is === 'list' && { 'x-kubernetes-list-type': rule?.listType ?? 'atomic' }),
    ...(rule?.mapKeys && { 'x-kubernetes-list-map-keys': rule.mapKeys }),
    ...(isAtomicMap && { 'x-kubernetes-map-type': 'atomic' }),
    ...(rule?.mergeKey && { 'x-kubernetes-patch-merge-key': rule.mergeKey }),
    ...(strategies.length > 0 && { 'x-kubernetes-patch-strategy': strategies.join(',') }),
  };
}

function fieldSchema(
  definitionName: string,
  name: string,
  field: Field,
  prefix: string,
  description: string | undefined,
): Schema {
  const schema = typeSchema(field.type, prefix);
  const extra = {
    ...(description && { description }),
    ...mergeExtensions(definitionName, name, field),
  };
  if (Object.keys(extra).length === 0) return schema;
  // Beside a $ref nothing else counts, so it moves one level down.
  return '$ref' in schema ? { ...extra, allOf: [schema] } : { ...schema, ...extra };
}

/** What every object's type says of the two fields that name it. */
const typeMeta: Readonly<Record<string, string>> = {
  apiVersion:
    'APIVersion defines the versioned schema of this representation of an object. Servers should convert recognized schemas to the latest internal value, and may reject unrecognized values. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#resources',
  kind: 'Kind is a string value representing the REST resource this object represents. Servers may infer this from the endpoint the client submits requests to. Cannot be updated. In CamelCase. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds',
};

/** Whether a field is one of the two that tell what a whole object is. */
function namesType(owner: Definition, field: string): boolean {
  return field in typeMeta && owner.fields.has('metadata');
}

/** What a definition's field is for, `''` where nobody says. */
export function describeField(owner: Definition, field: string, descriptions: Descriptions): string {
  return descriptions[owner.name]?.[field] || (namesType(owner, field) ? typeMeta[field]! : '');
}

/** Whether a field must be there. What tells what an object is need not: the URL says it too. */
export function isRequired(owner: Definition, field: string): boolean {
  return owner.fields.get(field)?.required === true && !namesType(owner, field);
}

function definitionSchema(name: string, prefix: string, descriptions: Descriptions | undefined): Schema {
  const scalar = scalarSchemas[name];
  if (scalar !== undefined) return scalar;
  const texts = descriptions?.[name];
  const owner = definition(name);
  const fields = [...owner.fields];
  const required = fields.filter(([field]) => isRequired(owner, field));
  const properties = fields.map(([field, rule]) => [
    field,
    fieldSchema(name, field, rule, prefix, descriptions && describeField(owner, field, descriptions)),
  ]);
  return {
    type: 'object',
    ...(texts?.[''] && { description: texts[''] }),
    properties: Object.fromEntries(properties) as Schema,
    ...(required.length > 0 && { required: required.map(([field]) => field) }),
    ...(isAtomic(name) && { 'x-kubernetes-map-type': 'atomic' }),
  };
}

/** The definitions that a type names, directly. */
function referencesOf(type: FieldType): string[] {
  if (type.is === 'object') return [type.name];
  if (type.is === 'list' || type.is === 'map') return referencesOf(type.of);
  return type.is in namedScalars ? [namedScalars[type.is as keyof typeof namedScalars]] : [];
}

/** The names of all definitions that can be reached from `roots`, sorted. */
function reachable(roots: readonly string[]): string[] {
  const found = new Set(roots);
  for (const name of found) {
    if (name in scalarSchemas) continue;
    for (const { type } of definition(name).fields.values())
      for (const reference of referencesOf(type)) found.add(reference);
  }
  return [...found].sort();
}

function groupVersionKind({ group, version, kind }: AnyKind): Schema {
  return { group, version, kind };
}

/** The verbs of one path, with what kubectl reads of them: the kind, and that fields are validated. */
function operations(kind: AnyKind, verbs: Readonly<Record<string, string>>): Schema {
  const parameters = ['dryRun', 'fieldManager', 'fieldValidation'].map((name) => ({
    name,
    in: 'query',
    schema: { type: 'string', uniqueItems: true },
  }));
  return Object.fromEntries(
    Object.entries(verbs).map(([method, action]) => [
      method,
      {
        'x-kubernetes-action': action,
        'x-kubernetes-group-version-kind': groupVersionKind(kind),
        ...(method !== 'get' && method !== 'delete' && { parameters }),
      },
    ]),
  );
}

/** The verb of a collection or an object that each method stands for. */
const verbOf: Readonly<Record<string, string>> = {
  post: 'create',
  put: 'update',
  deletecollection: 'deletecollection',
};

/** The paths of a kind with the operations that its verbs leave; a path without any is not there. */
function pathsOf(kind: AnyKind): [path: string, item: Schema][] {
  const { verbs } = kind;
  if (verbs === undefined) return allPathsOf(kind);
  return allPathsOf(kind).flatMap(([path, item]): [string, Schema][] => {
    const kept = Object.entries(item).filter(([method, operation]) => {
      const action = (operation as { readonly 'x-kubernetes-action': string })['x-kubernetes-action'];
      return verbs.includes(verbOf[action] ?? verbOf[method] ?? action);
    });
    return kept.length === 0 ? [] : [[path, Object.fromEntries(kept)]];
  });
}

function allPathsOf(kind: AnyKind): [path: string, item: Schema][] {
  const namespace = kind.namespaced ? '{namespace}' : undefined;
  const object = { get: 'get', put: 'put', patch: 'patch', delete: 'delete' };
  const all: [string, Schema][] = [
    [pathOf(kind, namespace), operations(kind, { get: 'list', post: 'post', delete: 'deletecollection' })],
    [pathOf(kind, namespace, '{name}'), operations(kind, object)],
  ];
  if (kind.namespaced) all.push([pathOf(kind, undefined), operations(kind, { get: 'list' })]);
  if (kind.hasStatus)
    all.push([
      pathOf(kind, namespace, '{name}', 'status'),
      operations(kind, { get: 'get', put: 'put', patch: 'patch' }),
    ]);
  return all;
}

/** Upstream: apiextensions-apiserver/pkg/controller/openapi/builder/builder.go */
const metadataText =
  "Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata";
const metaDefinition = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';

/** The definitions that the kinds begin at: a custom resource's own schema is no definition, its metadata is. */
function rootsOf(kinds: readonly AnyKind[]): string[] {
  return kinds.map(({ schema, custom }) => (custom ? metaDefinition : schema));
}

/** A custom resource's schema with what every object has. `isClosed` refuses the fields that would be pruned. */
function customSchema({ custom }: AnyKind, prefix: string, isClosed: boolean): Schema {
  const schema = (isClosed ? closed(custom!.schema) : custom!.schema) as Schema & {
    readonly properties?: Schema;
  };
  return {
    type: 'object',
    ...schema,
    properties: {
      ...schema.properties,
      apiVersion: { type: 'string', description: typeMeta['apiVersion'] },
      kind: { type: 'string', description: typeMeta['kind'] },
      metadata: { description: metadataText, allOf: [{ $ref: prefix + metaDefinition }] },
    },
  };
}

/** The schema with no fields but those that it names, wherever unknown ones are not kept. */
function closed(schema: JsonSchema): JsonSchema {
  const { properties, items, additionalProperties } = schema;
  const keeps = schema['x-kubernetes-preserve-unknown-fields'] === true;
  return {
    ...schema,
    ...(properties && {
      properties: Object.fromEntries(Object.entries(properties).map(([name, own]) => [name, closed(own)])),
      ...(!keeps && { additionalProperties: false }),
    }),
    ...(items && { items: closed(items) }),
    ...(typeof additionalProperties === 'object' && { additionalProperties: closed(additionalProperties) }),
  };
}

/**
 * The OpenAPI v3 document of the kinds of one group and version: what `/openapi/v3/apis/GROUP/VERSION` serves.
 * Without descriptions it says the same in a fifth of the size.
 */
export function openApiDocument(kinds: readonly AnyKind[], descriptions?: Descriptions): Schema {
  const schemas = reachable(rootsOf(kinds)).map((name): readonly [string, Schema] => {
    const schema = definitionSchema(name, refPrefix, descriptions);
    const own = kinds.filter((kind) => kind.schema === name).map(groupVersionKind);
    return [name, own.length > 0 ? { ...schema, 'x-kubernetes-group-version-kind': own } : schema];
  });
  for (const kind of kinds.filter(({ custom }) => custom)) {
    const schema = customSchema(kind, refPrefix, false);
    schemas.push([kind.schema, { ...schema, 'x-kubernetes-group-version-kind': [groupVersionKind(kind)] }]);
  }
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version: `v${kubernetesVersion}.0` },
    paths: Object.fromEntries(kinds.flatMap(pathsOf)),
    components: { schemas: Object.fromEntries(schemas) },
  };
}

/**
 * A JSON schema for manifests of these kinds, whole in itself, for an editor: it names a document's kind, asks
 * for what must be there and knows no other fields.
 */
export function manifestSchema(kinds: readonly AnyKind[], descriptions?: Descriptions): Schema {
  const prefix = '#/definitions/';
  const definitions = reachable(rootsOf(kinds)).map((name): readonly [string, Schema] => {
    const schema = definitionSchema(name, prefix, descriptions);
    return [name, schema['properties'] ? { ...schema, additionalProperties: false } : schema];
  });
  for (const kind of kinds.filter(({ custom }) => custom))
    definitions.push([kind.schema, customSchema(kind, prefix, !kind.custom!.preservesUnknownFields)]);
  const versions = [...new Set(kinds.map(apiVersionOf))];
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    type: 'object',
    required: ['apiVersion', 'kind', 'metadata'],
    properties: {
      apiVersion: { type: 'string', enum: versions },
      kind: { type: 'string', enum: [...new Set(kinds.map(({ kind }) => kind))] },
    },
    allOf: kinds.map((kind) => ({
      if: {
        required: ['apiVersion', 'kind'],
        properties: { apiVersion: { const: apiVersionOf(kind) }, kind: { const: kind.kind } },
      },
      // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON schema; nothing awaits it
      then: { $ref: prefix + kind.schema },
    })),
    definitions: Object.fromEntries(definitions),
  };
}
