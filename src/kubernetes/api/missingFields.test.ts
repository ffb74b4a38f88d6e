import { warningsOf } from './laterRules.ts';
import { expect, test } from 'vitest';
import { StatusError } from '#kubernetes/apimachinery/statusError.ts';
import { definition, type FieldType } from './definitions.ts';
import { apiVersionOf, type AnyKind } from './kind.ts';
import type { KubeObject } from './object.ts';
import { builtInKinds } from './registry.ts';
import { cells, created } from './testing/kindTable.ts';
import { validateCreate, validateStatusUpdate, validateUpdate } from './validation.ts';

/** How deep a definition may contain itself. */
const depthMax = 14;

/** A value of the type with every field set, as far as it goes. */
function filled(type: FieldType, within: readonly string[] = []): unknown {
  switch (type.is) {
    case 'object': {
      const own = [...within, type.name];
      if (within.includes(type.name) || own.length > depthMax) return {};
      const fields = [...definition(type.name).fields];
      return Object.fromEntries(fields.map(([name, field]) => [name, filled(field.type, own)]));
    }
    case 'list':
      return [filled(type.of, within)];
    case 'map':
      return { x: filled(type.of, within) };
    case 'enum':
      return type.values[0];
    case 'boolean':
      return true;
    case 'int32':
    case 'int64':
    case 'double':
    case 'intOrString':
      return 1;
    case 'quantity':
      return '1';
    case 'time':
      return '2026-01-01T00:00:00Z';
    case 'microTime':
      return '2026-01-01T00:00:00.000000Z';
    case 'bytes':
      return 'eA==';
    case 'anything':
      return {};
    default:
      return 'x';
  }
}

/** Definitions that were gone through within one kind need not be within another. */
const seen = new Set<string>();

interface Without {
  readonly value: unknown;
  /** How many objects lie around the one that lacks a field. */
  readonly depth: number;
}

/** The value without each of its fields in turn. */
function* withouts(type: FieldType, value: unknown, depth = 0): Generator<Without> {
  if (type.is === 'list')
    for (const smaller of withouts(type.of, (value as unknown[])[0], depth))
      yield { ...smaller, value: [smaller.value] };
  if (type.is !== 'object' || seen.has(type.name)) return;
  seen.add(type.name);
  yield { value: {}, depth };
  const fields = value as Readonly<Record<string, unknown>>;
  for (const [name, field] of definition(type.name).fields) {
    const { [name]: own, ...rest } = fields;
    if (own === undefined) continue;
    yield { value: rest, depth };
    for (const smaller of withouts(field.type, own, depth + 1))
      yield { ...smaller, value: { ...rest, [name]: smaller.value } };
  }
}

/** What changed this deep is only compared as a whole, which takes long. */
const comparedDepth = 3;

/** All that the server does with an object of that manifest, but for what it stores. */
function useAll(kind: AnyKind, { value, depth }: Without, old: KubeObject): void {
  try {
    const manifest = value as { status?: object };
    const object = created(kind, manifest);
    const withStatus = { ...object, status: manifest.status ?? {} };
    validateCreate(kind, object);
    if (depth < comparedDepth) {
      validateUpdate(kind, object, old);
      validateUpdate(kind, old, object);
    }
    validateStatusUpdate(kind, withStatus, object);
    warningsOf(kind, object);
    for (const field of kind.selectableFields ?? []) kind.fieldValue?.(object, field);
    cells(kind, object, true);
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
  }
}

// Go reads a field that is missing as an empty one; what throws here would end the server.
test.each(builtInKinds.all.map((kind) => [`${apiVersionOf(kind)} ${kind.kind}`, kind] as const))(
  'no missing field of %s ends the server',
  (_name, kind) => {
    const type = { is: 'object', name: kind.schema } as const;
    const {
      metadata: _,
      kind: _kind,
      apiVersion: _version,
      ...whole
    } = filled(type) as Record<string, unknown>;
    const failures = new Set<string>();
    const old = created(kind, whole);
    for (const without of withouts(type, whole)) {
      try {
        useAll(kind, without, old);
      } catch (error) {
        failures.add((error as Error).stack!.split('\n').slice(0, 2).join(' '));
      }
    }
    expect([...failures]).toEqual([]);
  },
);
