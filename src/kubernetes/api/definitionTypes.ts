// Upstream: apiserver/pkg/cel/common/schemas.go, apiserver/pkg/cel/types.go (names that are keywords)
import {
  bool,
  bytes,
  type CelType,
  double,
  dyn,
  int,
  listOf,
  mapOf,
  objectOf,
  string,
  timestamp,
} from '#kubernetes/apimachinery/cel/types.ts';
import { celName, celTypeOf } from './apiextensions/celTypes.ts';
import { definition, type FieldType } from './definitions.ts';
import type { AnyKind } from './kind.ts';

const simple: Readonly<Partial<Record<FieldType['is'], CelType>>> = {
  string,
  int32: int,
  int64: int,
  double,
  boolean: bool,
  bytes,
  time: timestamp,
  microTime: timestamp,
  quantity: string,
  enum: string,
};

/**
 * What admission's expressions may know of objects of a kind: its fields, called as they are and, where their names
 * are keywords, by the names that rules give them too. The type is called `name`, and those in it by their paths.
 */
export function celTypeOfKind(kind: AnyKind, name: string): CelType {
  if (kind.custom === undefined) return typeOfDefinition(kind.schema, name, new Set());
  const type = celTypeOf(kind.custom.schema, name, false);
  if (type?.kind !== 'object') return dyn;
  const metadata = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';
  const fields = new Map(type.fields);
  fields.set('apiVersion', string).set('kind', string);
  fields.set('metadata', typeOfDefinition(metadata, `${name}.metadata`, new Set()));
  return objectOf(name, fields);
}

function typeOfDefinition(definitionName: string, name: string, above: ReadonlySet<string>): CelType {
  // Schemas of schemas nest in themselves.
  if (above.has(definitionName)) return dyn;
  const inside = new Set(above).add(definitionName);
  const fields = new Map<string, CelType>();
  for (const [field, { type }] of definition(definitionName).fields) {
    const known = typeOfField(type, `${name}.${field}`, inside);
    fields.set(field, known).set(celName(field), known);
  }
  return objectOf(name, fields);
}

function typeOfField(type: FieldType, name: string, above: ReadonlySet<string>): CelType {
  switch (type.is) {
    case 'object':
      return typeOfDefinition(type.name, name, above);
    case 'list':
      return listOf(typeOfField(type.of, `${name}.@idx`, above));
    case 'map':
      return mapOf(string, typeOfField(type.of, `${name}.@elem`, above));
    default:
      return simple[type.is] ?? dyn;
  }
}
