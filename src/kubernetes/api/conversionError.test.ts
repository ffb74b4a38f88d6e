import { expect, test } from 'vitest';
import { conversionError } from './conversionError.ts';

test.each([
  [{ is: 'int32' }, 'three', 'int32', 'unrecognized type: int32'],
  [{ is: 'int32' }, 2.5, 'int32', 'cannot convert float64 to int32'],
  [{ is: 'string' }, 5, 'v1.PullPolicy', 'cannot convert int64 to v1.PullPolicy'],
  [{ is: 'string' }, true, 'string', 'unrecognized type: string'],
  [{ is: 'boolean' }, 'yes', 'bool', 'unrecognized type: bool'],
  [{ is: 'list', of: { is: 'string' } }, 'a', '[]string', 'cannot restore slice from string'],
  [{ is: 'list', of: { is: 'string' } }, {}, '[]string', 'cannot restore slice from map'],
  [{ is: 'map', of: { is: 'string' } }, [], 'map[string]string', 'cannot restore map from slice'],
  [{ is: 'object', name: 'x' }, 1.5, 'v1.PodSpec', 'cannot restore struct from: float64'],
] as const)('a %j from %j', (type, value, goType, message) => {
  expect(conversionError(type, value, goType)).toBe(message);
});
