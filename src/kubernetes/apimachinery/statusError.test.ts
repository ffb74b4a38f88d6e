import { expect, test } from 'vitest';
import { notSupported, required } from './fieldErrors.ts';
import { invalid } from './statusError.ts';

test('a message says nothing twice, its causes do', () => {
  const error = notSupported('type', 'x', ['y']);
  const status = invalid('', 'Thing', 't', [error, required('name'), error]).toStatus();
  expect(status.message).toBe(
    'Thing "t" is invalid: [type: Unsupported value: "x": supported values: "y", name: Required value]',
  );
  expect(status.details?.causes).toHaveLength(3);
  expect(invalid('', 'Thing', 't', [error, error]).toStatus().message).toBe(
    'Thing "t" is invalid: type: Unsupported value: "x": supported values: "y"',
  );
});
