import { expect, test } from 'vitest';
import { cells, created, createErrors } from '../testing/kindTable.ts';
import { networkPolicies } from './networkPolicy.ts';

const from = (peer: object, ...ports: object[]) => ({ ingress: [{ from: [peer], ports }] });
const everyPod = { podSelector: {} };

test.each<[object, object]>([
  [{}, { policyTypes: ['Ingress'] }],
  [{ egress: [{}] }, { policyTypes: ['Ingress', 'Egress'], egress: [{}] }],
  [{ policyTypes: ['Egress'] }, { policyTypes: ['Egress'] }],
  [
    { ingress: [{ ports: [{ port: 80 }] }] },
    { policyTypes: ['Ingress'], ingress: [{ ports: [{ port: 80, protocol: 'TCP' }] }] },
  ],
])('%j becomes %j', (spec, expected) => {
  expect(created(networkPolicies, { spec }).spec).toEqual(expected);
});

test.each<[string, object, string[]]>([
  ['good', from(everyPod, { port: 80, endPort: 90 }), []],
  ['nobody', from({}), ['spec.ingress[0].from[0]: Required value: must specify a peer']],
  [
    'a range and a selector',
    from({ ...everyPod, ipBlock: { cidr: '10.0.0.0/8' } }),
    ['spec.ingress[0].from[0]: Forbidden: may not specify both ipBlock and another peer'],
  ],
  [
    'a range that is none',
    { egress: [{ to: [{ ipBlock: { cidr: '10' } }] }] },
    [
      'spec.egress[0].to[0].ipBlock.cidr: Invalid value: "10": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)',
    ],
  ],
  [
    'an exception outside',
    from({ ipBlock: { cidr: '10.0.0.0/8', except: ['11.0.0.0/16', '10.0.0.0/8', '10.1.0.0/16'] } }),
    [
      'spec.ingress[0].from[0].ipBlock.except[0]: Invalid value: "11.0.0.0/16": must be a strict subset of `cidr`',
      'spec.ingress[0].from[0].ipBlock.except[1]: Invalid value: "10.0.0.0/8": must be a strict subset of `cidr`',
    ],
  ],
  [
    'ends of ranges of ports',
    from(everyPod, { port: 80, endPort: 79 }, { port: 'web', endPort: 80 }, { endPort: 80 }),
    [
      'spec.ingress[0].ports[0].endPort: Invalid value: 80: must be greater than or equal to `port`',
      'spec.ingress[0].ports[1].endPort: Invalid value: 80: may not be specified when `port` is non-numeric',
      'spec.ingress[0].ports[2].endPort: Invalid value: 80: may not be specified when `port` is not specified',
    ],
  ],
  [
    'an unknown type',
    { policyTypes: ['X'] },
    ['spec.policyTypes[0]: Unsupported value: "X": supported values: "Ingress", "Egress"'],
  ],
  [
    'too many types',
    { policyTypes: ['Ingress', 'Egress', 'Ingress'] },
    [
      'spec.policyTypes: Invalid value: ["Ingress","Egress","Ingress"]: may not specify more than two policyTypes',
    ],
  ],
])('%s', (_name, spec, errors) => {
  expect(createErrors(networkPolicies, { spec })).toEqual(errors);
});

test.each([
  [{}, '<none>'],
  [{ matchLabels: { app: 'web' } }, 'app=web'],
])('%j is shown as %s', (podSelector, shown) => {
  expect(cells(networkPolicies, created(networkPolicies, { spec: { podSelector } }))).toEqual({
    Name: 'x',
    'Pod-Selector': shown,
    Age: '60m',
  });
});
