import { expect, test } from 'vitest';
import { cells, createErrors, created, updateErrors } from '../testing/kindTable.ts';
import { customResourceDefinitions } from './customResourceDefinition.ts';

interface More {
  readonly names?: object;
  readonly version?: object;
  readonly spec?: object;
}

function definition(schema: object, more: More = {}): object {
  const names = { plural: 'widgets', kind: 'Widget', ...more.names };
  const openAPIV3Schema = { type: 'object', properties: { spec: { type: 'object', ...schema } } };
  const version = { name: 'v1', served: true, storage: true, schema: { openAPIV3Schema }, ...more.version };
  return {
    metadata: { name: `${names.plural}.example.com` },
    spec: { group: 'example.com', scope: 'Namespaced', names, versions: [version], ...more.spec },
  };
}

const string = { type: 'string' };

// Facts: apiextensions-apiserver/pkg/apis/apiextensions/validation/validation_test.go, pkg/apiserver/schema/validation_test.go
test.each([
  [
    'no type',
    { properties: { a: {} } },
    {},
    'spec.validation.openAPIV3Schema.properties[spec].properties[a].type: Required value: must not be empty for specified object fields',
  ],
  [
    'an unknown type',
    { properties: { a: { type: 'text' } } },
    {},
    'spec.validation.openAPIV3Schema.properties[spec].properties[a].type: Unsupported value: "text": supported values: "array", "boolean", "integer", "number", "object", "string"',
  ],
  [
    'a list of anything',
    { properties: { a: { type: 'array' } } },
    {},
    'spec.validation.openAPIV3Schema.properties[spec].properties[a].items: Required value: must be specified',
  ],
  [
    'fields and entries at once',
    { properties: { a: string }, additionalProperties: string },
    {},
    'spec.validation.openAPIV3Schema.properties[spec].additionalProperties: Forbidden: additionalProperties and properties are mutual exclusive',
  ],
  [
    'a default that does not fit',
    { properties: { a: { type: 'integer', default: 'x' } } },
    {},
    'spec.validation.openAPIV3Schema.properties[spec].properties[a].default: Invalid value: "string": spec.validation.openAPIV3Schema.properties[spec].properties[a].default in body must be of type integer: "string"',
  ],
  [
    'no schema',
    {},
    { version: { schema: undefined } },
    'spec.versions[0].schema.openAPIV3Schema: Required value: schemas are required',
  ],
  [
    'a group that is no domain',
    {},
    { spec: { group: 'example' } },
    'spec.group: Invalid value: "example": should be a domain with at least one dot',
  ],
  [
    'a wrong scope',
    {},
    { spec: { scope: 'World' } },
    'spec.scope: Unsupported value: "World": supported values: "Cluster", "Namespaced"',
  ],
  [
    'a kind that is its list',
    {},
    { names: { listKind: 'Widget' } },
    'spec.names.listKind: Invalid value: "Widget": kind and listKind may not be the same',
  ],
  [
    'a webhook that is nowhere',
    {},
    { spec: { conversion: { strategy: 'Webhook' } } },
    'spec.conversion.webhookClientConfig: Required value: required when strategy is set to Webhook',
  ],
  [
    'a webhook that speaks no review',
    {},
    { spec: { conversion: { strategy: 'Webhook' } } },
    'spec.conversion.conversionReviewVersions: Required value',
  ],
  [
    'a webhook that is in no place',
    {},
    {
      spec: {
        conversion: { strategy: 'Webhook', webhook: { clientConfig: {}, conversionReviewVersions: ['v1'] } },
      },
    },
    'spec.conversion.webhookClientConfig: Required value: exactly one of url or service is required',
  ],
  [
    'a webhook that speaks something else',
    {},
    {
      spec: {
        conversion: {
          strategy: 'Webhook',
          webhook: { clientConfig: { url: 'https://a' }, conversionReviewVersions: ['v9'] },
        },
      },
    },
    'spec.conversion.conversionReviewVersions: Invalid value: ["v9"]: must include at least one of v1, v1beta1',
  ],
  [
    'a webhook that is not asked',
    {},
    {
      spec: {
        conversion: {
          strategy: 'None',
          webhook: { clientConfig: { url: 'https://a' }, conversionReviewVersions: ['v1'] },
        },
      },
    },
    'spec.conversion.webhookClientConfig: Forbidden: should not be set when strategy is not set to Webhook',
  ],
])('a definition with %s is refused', (_name, schema, more, message) => {
  expect(createErrors(customResourceDefinitions, definition(schema, more))).toContain(message);
});

const approvalField = 'metadata.annotations[api-approved.kubernetes.io]';
const protectedGroups = 'protected groups must have approval annotation "api-approved.kubernetes.io"';
const seeEnhancement = 'see https://github.com/kubernetes/enhancements/pull/1111';

function approved(group: string, approval: string | undefined): object {
  const annotations = approval === undefined ? {} : { 'api-approved.kubernetes.io': approval };
  return {
    ...definition({}, { spec: { group } }),
    metadata: { name: `widgets.${group}`, annotations },
  };
}

// Facts: apiextensions-apiserver/pkg/apis/apiextensions/validation/validation_test.go TestValidateAPIApproval
test.each([
  ['other.io', 'invalid', []],
  ['sigs.k8s.io', undefined, [`${approvalField}: Required value: ${protectedGroups}, ${seeEnhancement}`]],
  ['a.kubernetes.io', '', [`${approvalField}: Required value: ${protectedGroups}, ${seeEnhancement}`]],
  [
    'sigs.k8s.io',
    'invalid',
    [
      `${approvalField}: Invalid value: "invalid": ${protectedGroups} with either a URL or a reason starting with "unapproved", ${seeEnhancement}`,
    ],
  ],
  ['sigs.k8s.io', 'unapproved, an experiment', []],
  ['sigs.k8s.io', 'https://github.com/kubernetes/kubernetes/pull/79724', []],
])('a definition of the group %s that %j approves', (group, approval, errors) => {
  expect(createErrors(customResourceDefinitions, approved(group, approval))).toEqual(errors);
});

test('an approval is looked at again when it changes', () => {
  const errors = (before: string, after: string) =>
    updateErrors(customResourceDefinitions, approved('sigs.k8s.io', before), approved('sigs.k8s.io', after));
  expect(errors('invalid', 'invalid')).toEqual([]);
  expect(errors('https://a/b', 'invalid')).toHaveLength(1);
});

test('names are derived from the kind, and the storage version is remembered', () => {
  const { spec, status } = created(customResourceDefinitions, definition({}));
  expect(spec.names).toEqual({
    plural: 'widgets',
    kind: 'Widget',
    singular: 'widget',
    listKind: 'WidgetList',
  });
  expect(spec.conversion).toEqual({ strategy: 'None' });
  expect(status.storedVersions).toEqual(['v1']);
  expect(createErrors(customResourceDefinitions, definition({}))).toEqual([]);
});

test('an empty definition is told all that it lacks', () => {
  expect(createErrors(customResourceDefinitions, { metadata: { name: 'x' } })).toEqual(
    expect.arrayContaining([
      'spec.group: Required value',
      'spec.scope: Required value',
      'spec.names.plural: Required value',
      'spec.names.kind: Required value',
      'spec.versions: Invalid value: null: must have exactly one version marked as storage version',
    ]),
  );
});

test('group and plural stay as they are', () => {
  const renamed = definition({}, { spec: { group: 'example.org' } });
  expect(updateErrors(customResourceDefinitions, definition({}), renamed)).toContain(
    'spec.group: Invalid value: "example.org": field is immutable',
  );
});

test('the table shows when it was made', () => {
  expect(cells(customResourceDefinitions, created(customResourceDefinitions, definition({})))).toEqual({
    Name: 'widgets.example.com',
    'Created At': '2026-01-01T00:00:00Z',
  });
});
