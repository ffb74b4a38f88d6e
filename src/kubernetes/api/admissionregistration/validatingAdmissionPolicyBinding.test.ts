import { expect, test } from 'vitest';
import { cells, created, createErrors } from '../testing/kindTable.ts';
import { validatingAdmissionPolicyBindings as kind } from './validatingAdmissionPolicyBinding.ts';

const binding = (more: object = {}) => ({
  spec: { policyName: 'replicas', validationActions: ['Deny'], ...more },
});

test.each<[string, object, string[]]>([
  ['good', binding(), []],
  [
    'nothing',
    { spec: {} },
    [
      'spec.policyName: Required value',
      'spec.validationActions: Required value: at least one validation action is required',
    ],
  ],
  [
    'denying and warning',
    binding({ validationActions: ['Deny', 'Warn'] }),
    [
      'spec.validationActions: Invalid value: ["Deny","Warn"]: must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)',
    ],
  ],
  [
    'no parameter at all',
    binding({ paramRef: {} }),
    ['spec.paramRef: Required value: one of name or selector must be specified'],
  ],
  [
    'a name and a selector',
    binding({ paramRef: { name: 'x', selector: {} } }),
    [
      'spec.paramRef.name: Forbidden: name and selector are mutually exclusive',
      'spec.paramRef.selector: Forbidden: name and selector are mutually exclusive',
    ],
  ],
])('%s', (_name, manifest, errors) => {
  expect(createErrors(kind, manifest)).toEqual(errors);
});

test.each<[object | undefined, string]>([
  [undefined, '<unset>'],
  [{ name: 'p' }, '*/p'],
  [{ name: 'p', namespace: 'n' }, 'n/p'],
  [{ selector: { matchLabels: { a: 'b' } } }, 'a=b'],
])('%j is shown as %s', (paramRef, shown) => {
  expect(cells(kind, created(kind, binding({ ...(paramRef && { paramRef }) })))).toEqual({
    Name: 'x',
    PolicyName: 'replicas',
    ParamRef: shown,
    Age: '60m',
  });
});
