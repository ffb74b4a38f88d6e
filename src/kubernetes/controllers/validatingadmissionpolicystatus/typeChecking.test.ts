import { expect, test } from 'vitest';
import type { ValidatingAdmissionPolicy } from '#generated/types/admissionregistration.v1.ts';
import { builtInKinds } from '#kubernetes/api/registry.ts';
import { checkPolicy } from './typeChecking.ts';

const rule = { operations: ['*'], apiGroups: ['apps'], apiVersions: ['v1'], resources: ['deployments'] };
const deployment = 'apps/v1, Kind=Deployment: ';

function warnings(spec: object, rules: readonly object[] = [rule]): unknown {
  const policy = { spec: { matchConstraints: { resourceRules: rules }, ...spec } };
  return checkPolicy(policy as unknown as ValidatingAdmissionPolicy, builtInKinds);
}

function issue(column: number, sentence: string, line: string): string {
  return `ERROR: <input>:1:${column}: ${sentence}\n | ${line}\n | ${'.'.repeat(column - 1)}^`;
}

test.each([
  'object.spec.replicas > 1 && object.metadata.namespace.startsWith("a")',
  'object.spec.template.spec.containers.all(c, has(c.image) && c.?securityContext.?privileged.orValue(false) == false)',
  'object.spec.template.spec.containers.all(c, c.resources.limits["cpu"] != "" && quantity(c.resources.limits.cpu).isLessThan(quantity("1")))',
  'has(object.metadata.labels) && "team" in object.metadata.labels && object.metadata.labels["team"] == namespaceObject.metadata.labels["team"]',
  'object.spec.template.spec.containers.all(c, c.livenessProbe.httpGet.port == 80 || c.ports.exists(p, p.containerPort < 1024))',
  'object.metadata.creationTimestamp < timestamp("2030-01-01T00:00:00Z") && oldObject != null',
  'request.userInfo.groups.exists(g, g == "a") && request.operation in ["CREATE", "UPDATE"] && !request.dryRun',
  'authorizer.group("apps").resource("deployments").check("delete").allowed()',
])('%s fits a Deployment', (expression) => {
  expect(warnings({ validations: [{ expression }] })).toEqual([]);
});

test('every issue of every expression is told', () => {
  const line = "object.spec.replicas > '1' && object.spec.nonExisting == 1";
  const validations = [
    { expression: 'object.spec.replicas < 100', messageExpression: "'a' + object.spec.replicas" },
    { expression: line },
  ];
  const first = issue(22, "found no matching overload for '_>_' applied to '(int, string)'", line);
  const second = issue(42, "undefined field 'nonExisting'", line);
  const message = issue(
    5,
    "found no matching overload for '_+_' applied to '(string, int)'",
    "'a' + object.spec.replicas",
  );
  expect(warnings({ validations })).toEqual([
    { fieldRef: 'spec.validations[0].messageExpression', warning: `${deployment}${message}\n` },
    { fieldRef: 'spec.validations[1].expression', warning: `${deployment}${first}\n${second}\n` },
  ]);
});

test('each kind is looked at, and variables are what their expressions are', () => {
  const expression = "variables.limit > 1 && params.data['max'] == '1'";
  const spec = {
    paramKind: { apiVersion: 'v1', kind: 'ConfigMap' },
    variables: [{ name: 'limit', expression: 'params.data.max' }],
    validations: [{ expression }],
  };
  const both = { ...rule, apiGroups: ['', 'apps'], resources: ['pods', 'deployments'] };
  const wrong = issue(17, "found no matching overload for '_>_' applied to '(string, int)'", expression);
  expect(warnings(spec, [both])).toEqual([
    {
      fieldRef: 'spec.validations[0].expression',
      warning: `/v1, Kind=Pod: ${wrong}\n\n${deployment}${wrong}\n`,
    },
  ]);
});

test.each([
  ['any group', { ...rule, apiGroups: ['*'] }],
  ['subresources and what is not served', { ...rule, resources: ['deployments/status', 'nothings'] }],
])('of %s nothing is known', (_what, other) => {
  expect(warnings({ validations: [{ expression: 'object.nope' }] }, [other])).toEqual([]);
});
