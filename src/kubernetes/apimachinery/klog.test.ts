import { expect, test } from 'vitest';
import { klogHeader } from './klog.ts';

test.each([
  ['I', 1, 'server.go:150', 'I0105 09:03:04.050000       1 server.go:150] '],
  ['W', 1_234_567, 'a.go:1', 'W0105 09:03:04.050000 1234567 a.go:1] '],
] as const)('%s of process %d', (severity, id, source, header) => {
  expect(klogHeader(severity, Date.UTC(2026, 0, 5, 9, 3, 4, 50), id, source)).toBe(header);
});
