import { defineConfig } from 'vitest/config';

/** The suites that need more than Node: `npm run conformance:kubectl`. */
export default defineConfig({
  test: {
    include: ['conformance/*.conformance.ts'],
    environment: 'node',
    pool: 'threads',
    maxConcurrency: 3,
    testTimeout: 200_000,
  },
});
