import { expect, test } from 'vitest';
import { compareVersions } from './versions.ts';

/** Upstream: apimachinery/pkg/version/helpers_test.go */
test('versions come as the server prefers them', () => {
  const sorted = [
    'v10',
    'v2',
    'v1',
    'v11beta2',
    'v10beta3',
    'v3beta1',
    'v12alpha1',
    'v11alpha2',
    'foo1',
    'foo10',
  ];
  expect(sorted.toReversed().sort(compareVersions)).toEqual(sorted);
});
