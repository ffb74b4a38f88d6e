// Upstream: apimachinery/pkg/runtime/converter.go fromUnstructured
import { goTypeOf } from '#kubernetes/apimachinery/goValue.ts';
import type { FieldType } from './definitions.ts';

/** Go's reflect.Kind of a decoded JSON value. */
function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'slice';
  return typeof value === 'object' ? 'map' : goTypeOf(value);
}

/** Why `value` does not become that type; `goType` is the type's own name in Go. */
export function conversionError(type: FieldType, value: unknown, goType: string): string {
  const from = kindOf(value);
  switch (type.is) {
    case 'object':
      return `cannot restore struct from: ${from}`;
    case 'list':
      return `cannot restore slice from ${from}`;
    case 'map':
      return `cannot restore map from ${from}`;
    case 'string':
    case 'enum':
      // Go would make a rune of an integer; the converter does not.
      return from === 'int64' ? `cannot convert int64 to ${goType}` : 'unrecognized type: string';
    case 'int32':
    case 'int64':
      return from === 'float64' ? `cannot convert float64 to ${type.is}` : `unrecognized type: ${type.is}`;
    default:
      return `unrecognized type: ${type.is === 'boolean' ? 'bool' : goType}`;
  }
}
