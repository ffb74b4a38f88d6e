import { expect, test } from 'vitest';
import { lineOfError } from './lineOfError.ts';

test.each([
  [1, "error converting YAML to JSON: yaml: line 22: could not find expected ':'", 22],
  [10, 'error converting YAML to JSON: yaml: line 3: found character that cannot start any token', 12],
  [7, 'Deployment.apps "web" is invalid: spec.replicas: line 4 is odd', 7],
])('document at %i, %s: line %i', (line, error, expected) => {
  expect(lineOfError(line, error)).toBe(expected);
});
