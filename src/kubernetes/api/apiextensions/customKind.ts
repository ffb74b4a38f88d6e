// Upstream: apiextensions-apiserver/pkg/apiserver/customresource_handler.go, pkg/registry/customresource
import type {
  CustomResourceColumnDefinition,
  CustomResourceDefinition,
  CustomResourceDefinitionVersion,
} from '#generated/types/apiextensions.v1.ts';
import { Jsonpath } from '#kubernetes/apimachinery/jsonpath.ts';
import type { FieldError } from '#kubernetes/apimachinery/statusError.ts';
import { age } from '../age.ts';
import { ageColumn, nameColumn } from '../columns.ts';
import type { AnyKind, Column, Kind, ScalePaths } from '../kind.ts';
import type { KubeObject } from '../object.ts';
import { validateByRules } from './celRules.ts';
import { withDefaults } from './defaulting.ts';
import type { JsonSchema } from './jsonSchema.ts';
import { prune } from './pruning.ts';
import { validateBySchema } from './schemaValidation.ts';

/** Makes of an object the same one in another version, `example.com/v2`; the very same where it has that. */
export type Converter = (object: KubeObject, apiVersion: string, fromCache: boolean) => KubeObject;

/** Conversion strategy None: nothing changes but the version. */
const renamed: Converter = (object, apiVersion) =>
  object.apiVersion === apiVersion ? object : { ...object, apiVersion };

/** The kinds of a definition by version: the stored one first, then the others, which are views of it. */
export function customKinds(
  definition: CustomResourceDefinition,
  convert: Converter = renamed,
): readonly AnyKind[] {
  const { versions } = definition.spec;
  const storedVersion = versions.find(({ storage }) => storage) ?? versions[0]!;
  const stored = customKind(definition, storedVersion, convert);
  const others = versions.filter((version) => version !== storedVersion);
  return [stored, ...others.map((version) => viewOf(customKind(definition, version, convert), stored))];
}

/** A version that is kept as another. */
function viewOf(kind: AnyKind, stored: AnyKind): AnyKind {
  return {
    ...kind,
    storage: {
      kind: stored,
      toStored: (object) => stored.custom!.toVersion(object),
      fromStored: (object, fromCache) => {
        const shown = kind.custom!.toVersion(object, fromCache);
        return kind.defaults ? kind.defaults(shown) : shown;
      },
    },
  };
}

/** Converts, and leaves out what the version's schema does not know. Upstream: schemaCoercingConverter */
function toVersion(apiVersion: string, schema: JsonSchema | undefined, convert: Converter) {
  return (object: KubeObject, fromCache = false): KubeObject => {
    const converted = convert(object, apiVersion, fromCache);
    return converted === object || schema === undefined
      ? converted
      : (prune(converted, schema, []) as KubeObject);
  };
}

function customKind(
  definition: CustomResourceDefinition,
  version: CustomResourceDefinitionVersion,
  convert: Converter,
): AnyKind {
  const { group, scope } = definition.spec;
  const names = definition.status.acceptedNames ?? definition.spec.names;
  const schema = version.schema?.openAPIV3Schema as JsonSchema | undefined;
  const { subresources } = version;
  const selectable = (version.selectableFields ?? []).map(({ jsonPath }) => jsonPath.replace(/^\./, ''));
  const check = (object: KubeObject, old?: KubeObject): FieldError[] => {
    if (schema === undefined) return [];
    const errors = validateBySchema(object, schema);
    return errors.length > 0 ? errors : validateByRules(object, old, schema);
  };
  const kind: Kind = {
    group,
    version: version.name,
    kind: names.kind,
    plural: names.plural,
    singular: names.singular ?? names.kind.toLowerCase(),
    shortNames: names.shortNames ?? [],
    categories: names.categories ?? [],
    namespaced: scope === 'Namespaced',
    custom: {
      schema: schema ?? {},
      preservesUnknownFields: schema === undefined,
      toVersion: toVersion(`${group}/${version.name}`, schema, convert),
    },
    schema: definitionName(group, version.name, names.kind),
    hasStatus: subresources?.status !== undefined,
    ...(subresources?.scale && { scale: scalePaths(subresources.scale) }),
    ...(version.deprecated && {
      deprecation: version.deprecationWarning ?? `${group}/${version.name} ${names.kind} is deprecated`,
    }),
    ...(schema && { defaults: (object: KubeObject) => withDefaults(object, schema) as KubeObject }),
    validate: (object) => check(object),
    validateUpdate: (object, old) => rulesOnly(object, old, schema),
    validateStatusUpdate: (object, old) => check(object, old),
    ...(selectable.length > 0 && {
      selectableFields: selectable,
      fieldValue: (object: KubeObject, field: string) => textAt(object, field.split('.')),
    }),
    columns: [nameColumn, ...columnsOf(version.additionalPrinterColumns)],
  };
  return kind;
}

/** Rules about the change: those about the object alone have been checked by `validate`. */
function rulesOnly(object: KubeObject, old: KubeObject, schema: JsonSchema | undefined): FieldError[] {
  if (schema === undefined || validateBySchema(object, schema).length > 0) return [];
  return validateByRules(object, old, schema);
}

/** `com.example.stable.v1.CronTab`: the group backwards, as OpenAPI names definitions. */
function definitionName(group: string, version: string, kind: string): string {
  return [...group.split('.').reverse(), version, kind].join('.');
}

function scalePaths(scale: {
  readonly specReplicasPath: string;
  readonly statusReplicasPath: string;
  readonly labelSelectorPath?: string;
}): ScalePaths {
  const path = (text: string | undefined) => (text ?? '').split('.').filter((step) => step !== '');
  const selector = path(scale.labelSelectorPath);
  return {
    specReplicas: path(scale.specReplicasPath),
    statusReplicas: path(scale.statusReplicasPath),
    selector: (object) => (selector.length === 0 ? '' : textAt(object, selector)),
  };
}

function textAt(object: KubeObject, path: readonly string[]): string {
  let value: unknown = object;
  for (const step of path) value = (value as Record<string, unknown> | undefined)?.[step];
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : '';
}

function columnsOf(
  columns: readonly CustomResourceColumnDefinition[] | undefined,
): readonly Column<KubeObject>[] {
  return columns === undefined || columns.length === 0 ? [ageColumn] : columns.map(columnOf);
}

function columnOf(column: CustomResourceColumnDefinition): Column<KubeObject> {
  const path = new Jsonpath(`{${column.jsonPath}}`);
  return {
    name: column.name,
    type: column.type as Column<KubeObject>['type'],
    ...(column.format === 'name' && { format: 'name' }),
    description:
      column.description ?? `Custom resource definition column (in JSONPath format): ${column.jsonPath}`,
    priority: column.priority ?? 0,
    value(object, nowMs) {
      const found = path.find(object, { allowMissingKeys: true })[0] ?? [];
      const value = found[0];
      if (value === undefined || value === null) return '';
      if (column.type === 'date') return age(value as string, nowMs);
      if (column.type === 'string') return path.print(object, { allowMissingKeys: true });
      return typeof value === 'object' ? '' : (value as string | number | boolean);
    },
  };
}
