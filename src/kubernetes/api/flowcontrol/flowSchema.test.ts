import { expect, test } from 'vitest';
import { cells, created, createErrors, stored } from '../testing/kindTable.ts';
import { bootstrapFlowSchemas } from './bootstrap.ts';
import { flowSchemas } from './flowSchema.ts';

const subject = { kind: 'User', user: { name: 'amy' } };
const resourceRule = { verbs: ['get'], apiGroups: [''], resources: ['pods'], namespaces: ['*'] };
const spec = (more: object = {}, rule: object = {}) => ({
  priorityLevelConfiguration: { name: 'workload-low' },
  rules: [{ subjects: [subject], resourceRules: [resourceRule], ...rule }],
  ...more,
});

test.each<[string, object, string[]]>([
  ['good', spec(), []],
  [
    'the first place',
    spec({ matchingPrecedence: 1 }),
    [
      "spec.matchingPrecedence: Invalid value: 1: only the schema named 'exempt' may have matchingPrecedence 1",
    ],
  ],
  [
    'no place',
    spec({ matchingPrecedence: 10_001 }),
    ['spec.matchingPrecedence: Invalid value: 10001: must not be greater than 10000'],
  ],
  [
    'no level',
    { priorityLevelConfiguration: {} },
    ['spec.priorityLevelConfiguration.name: Required value: must reference a priority level'],
  ],
  [
    'a rule for nobody about nothing',
    spec({}, { subjects: [], resourceRules: [] }),
    [
      'spec.rules[0].subjects: Required value: subjects must contain at least one value',
      'spec.rules[0]: Required value: at least one of resourceRules and nonResourceRules has to be non-empty',
    ],
  ],
  [
    'subjects at odds with themselves',
    spec({}, { subjects: [{ kind: 'Group', user: { name: 'a' } }, { kind: 'X' }] }),
    [
      "spec.rules[0].subjects[0].group: Required value: group is required when subject kind is 'Group'",
      "spec.rules[0].subjects[0].user: Forbidden: user is forbidden when subject kind is not 'User'",
      'spec.rules[0].subjects[1].kind: Unsupported value: "X": supported values: "Group", "ServiceAccount", "User"',
    ],
  ],
  [
    'rules that say too much or too little',
    spec(
      {},
      {
        resourceRules: [{ verbs: ['*', 'get'], apiGroups: [], resources: ['pods'], namespaces: [] }],
        nonResourceRules: [{ verbs: ['eat'], nonResourceURLs: ['healthz', '/a*', '/b/*'] }],
      },
    ),
    [
      'spec.rules[0].resourceRules[0].verbs: Invalid value: ["*","get"]: if \'*\' is present, must not specify other verbs',
      'spec.rules[0].resourceRules[0].apiGroups: Required value: resource rules must supply at least one api group',
      'spec.rules[0].resourceRules[0].namespaces: Required value: resource rules that are not cluster scoped must supply at least one namespace',
      'spec.rules[0].nonResourceRules[0].verbs: Unsupported value: ["eat"]: supported values: "create", "delete", "deletecollection", "get", "list", "patch", "proxy", "update", "watch"',
      'spec.rules[0].nonResourceRules[0].nonResourceURLs[0]: Invalid value: "healthz": must start with slash',
      'spec.rules[0].nonResourceRules[0].nonResourceURLs[1]: Invalid value: "/a*": wildcard can only do suffix matching',
    ],
  ],
])('%s', (_name, given, errors) => {
  expect(createErrors(flowSchemas, { spec: given })).toEqual(errors);
});

test('every schema of a new cluster is valid and needs no default', () => {
  for (const [name, own] of Object.entries(bootstrapFlowSchemas)) {
    expect(createErrors(flowSchemas, { metadata: { name }, spec: own })).toEqual([]);
    expect(created(flowSchemas, { spec: own }).spec).toEqual(own);
  }
});

test('a mandatory schema is what it is', () => {
  const [error] = createErrors(flowSchemas, { metadata: { name: 'catch-all' }, spec: spec() });
  expect(error).toMatch(/^spec: Invalid value: \{.*\}: spec of 'catch-all' must equal the fixed value$/);
});

test('columns', () => {
  const schema = created(flowSchemas, { spec: spec({ distinguisherMethod: { type: 'ByUser' } }) });
  expect(cells(flowSchemas, schema)).toEqual({
    Name: 'x',
    PriorityLevel: 'workload-low',
    MatchingPrecedence: 1000,
    DistinguisherMethod: 'ByUser',
    Age: '60m',
    MissingPL: '?',
  });
  const conditions = [{ type: 'Dangling', status: 'False' }];
  expect(cells(flowSchemas, stored(flowSchemas, { spec: spec(), status: { conditions } }))).toMatchObject({
    DistinguisherMethod: '<none>',
    MissingPL: 'False',
  });
});
