// Upstream: pkg/apis/flowcontrol/{v1/defaults.go,validation/validation.go}
import type { FlowSchema, FlowSchemaSpec, PolicyRulesWithSubjects } from '#generated/types/flowcontrol.v1.ts';
import { invalidValue, notSupported, required } from '#kubernetes/apimachinery/fieldErrors.ts';
import { checkDns1123Subdomain } from '#kubernetes/apimachinery/names.ts';
import type { FieldError } from '#kubernetes/apimachinery/statusError.ts';
import { deepEqual } from '#kubernetes/apimachinery/structure.ts';
import { ageColumn, column, nameColumn } from '../columns.ts';
import { invalidFor, under } from '../fieldChecks.ts';
import type { Kind } from '../kind.ts';
import { withDefaults, withField } from '../sharing.ts';
import { mandatoryFlowSchemas } from './bootstrap.ts';
import { validateConditions } from './conditions.ts';
import { validateNonResourceRule, validateResourceRule } from './policyRules.ts';
import { validateSubject } from './subject.ts';

export type { FlowSchema };

const precedenceMax = 10_000;
const distinguisherMethods = ['ByNamespace', 'ByUser'];

function validateRule(rule: Partial<PolicyRulesWithSubjects>): FieldError[] {
  const { subjects = [], resourceRules = [], nonResourceRules = [] } = rule;
  const errors = subjects.flatMap((subject, index) => under(`subjects[${index}]`, validateSubject(subject)));
  if (subjects.length === 0) errors.push(required('subjects', 'subjects must contain at least one value'));
  if (resourceRules.length === 0 && nonResourceRules.length === 0)
    errors.push(required('', 'at least one of resourceRules and nonResourceRules has to be non-empty'));
  return [
    ...errors,
    ...resourceRules.flatMap((one, index) => under(`resourceRules[${index}]`, validateResourceRule(one))),
    ...nonResourceRules.flatMap((one, index) =>
      under(`nonResourceRules[${index}]`, validateNonResourceRule(one)),
    ),
  ];
}

function validateSpec(name: string, spec: FlowSchemaSpec): FieldError[] {
  const { matchingPrecedence = 0, distinguisherMethod, priorityLevelConfiguration, rules = [] } = spec;
  const errors: FieldError[] = [];
  const refuse = (why: string) => errors.push(invalidValue('matchingPrecedence', matchingPrecedence, why));
  if (matchingPrecedence <= 0) refuse('must be a positive value');
  if (matchingPrecedence > precedenceMax) refuse(`must not be greater than ${precedenceMax}`);
  if (matchingPrecedence === 1 && name !== 'exempt')
    refuse("only the schema named 'exempt' may have matchingPrecedence 1");
  if (distinguisherMethod && !distinguisherMethods.includes(distinguisherMethod.type))
    errors.push(notSupported('distinguisherMethod.type', distinguisherMethod, distinguisherMethods));
  const level = priorityLevelConfiguration?.name;
  if (level)
    errors.push(...invalidFor('priorityLevelConfiguration.name', level, checkDns1123Subdomain(level)));
  else errors.push(required('priorityLevelConfiguration.name', 'must reference a priority level'));
  return [...errors, ...rules.flatMap((rule, index) => under(`rules[${index}]`, validateRule(rule)))];
}

/** `True` while the schema points at a priority level that does not exist. */
function formatMissing({ status }: FlowSchema): string {
  return status?.conditions?.find(({ type }) => type === 'Dangling')?.status ?? '?';
}

export const flowSchemas: Kind<FlowSchema> = {
  group: 'flowcontrol.apiserver.k8s.io',
  version: 'v1',
  kind: 'FlowSchema',
  plural: 'flowschemas',
  singular: 'flowschema',
  shortNames: [],
  categories: [],
  namespaced: false,
  schema: 'io.k8s.api.flowcontrol.v1.FlowSchema',
  hasStatus: true,
  defaults: (schema) => withField(schema, 'spec', withDefaults(schema.spec, { matchingPrecedence: 1000 })),
  validate({ metadata, spec, status }) {
    const errors = under('spec', validateSpec(metadata.name, spec));
    const mandatory = mandatoryFlowSchemas[metadata.name];
    if (mandatory !== undefined && !deepEqual(spec, mandatory))
      errors.push(invalidValue('spec', spec, `spec of '${metadata.name}' must equal the fixed value`));
    return [...errors, ...validateConditions(status?.conditions)];
  },
  validateStatusUpdate: ({ status }) => validateConditions(status?.conditions),
  columns: [
    nameColumn,
    column('PriorityLevel', ({ spec }) => spec.priorityLevelConfiguration?.name ?? ''),
    column('MatchingPrecedence', ({ spec }) => spec.matchingPrecedence ?? 0),
    column('DistinguisherMethod', ({ spec }) => spec.distinguisherMethod?.type ?? '<none>'),
    ageColumn,
    {
      ...column('MissingPL', formatMissing),
      description: 'references a broken or non-existent PriorityLevelConfiguration',
    },
  ],
};
