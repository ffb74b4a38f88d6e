import { expect, test } from 'vitest';
import { refusal, signerRules, tryCondition } from '../testing/signerRules.ts';

// Upstream: plugin/pkg/admission/certificates/signing/admission_test.go
test.each(signerRules)('a rule for the signer %s', (_name, rule, allowed) => {
  expect(tryCondition(rule, 'status', 'Failed')).toBe(allowed ? null : refusal('sign'));
});
