// Upstream: validateTopologySpreadConstraints, validateAffinity, validatePodDNSConfig and ValidateHostAliases in
// pkg/apis/core/validation/validation.go
import type {
  NodeSelectorTerm,
  PodAffinityTerm,
  PodSpec,
  TopologySpreadConstraint,
} from '#generated/types/core.v1.ts';
import type { LabelSelector } from '#generated/types/meta.v1.ts';
import { forbidden, invalidValue, notSupported, required } from '#kubernetes/apimachinery/fieldErrors.ts';
import { checkIp } from '#kubernetes/apimachinery/ip.ts';
import {
  checkDns1123Label,
  checkDns1123Subdomain,
  checkDns1123SubdomainWithUnderscore,
  checkLabelKey,
  checkLabelValue,
} from '#kubernetes/apimachinery/names.ts';
import type { FieldError } from '#kubernetes/apimachinery/statusError.ts';
import { invalidFor, under } from './fieldChecks.ts';

const searchesMax = 32;
/** With the spaces between them. */
const searchListLengthMax = 2048;

function keysOf(selector: LabelSelector): readonly string[] {
  const expressions = selector.matchExpressions ?? [];
  return [...Object.keys(selector.matchLabels ?? {}), ...expressions.map(({ key }) => key)];
}

/** Keys that a selector takes from the pod itself; they cannot stand in the selector already. */
function validateMatchKeys(keys: readonly string[], selector: LabelSelector | undefined): FieldError[] {
  const field = 'matchLabelKeys';
  if (keys.length === 0) return [];
  const named = selector ? keysOf(selector) : [];
  const why = 'must not be specified when labelSelector is not set';
  return [
    ...(selector ? [] : [forbidden(field, why)]),
    ...keys.flatMap((key, index) => [
      ...invalidFor(`${field}[${index}]`, key, checkLabelKey(key)),
      ...(named.includes(key)
        ? [invalidValue(`${field}[${index}]`, key, 'exists in both matchLabelKeys and labelSelector')]
        : []),
    ]),
  ];
}

function validateSpread(constraint: TopologySpreadConstraint): FieldError[] {
  const { minDomains, whenUnsatisfiable, matchLabelKeys = [], labelSelector } = constraint;
  const errors: FieldError[] = [];
  if (minDomains !== undefined && whenUnsatisfiable !== 'DoNotSchedule') {
    const why = `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${whenUnsatisfiable}`;
    errors.push(invalidValue('minDomains', minDomains, why));
  }
  const policies = ['Honor', 'Ignore'];
  for (const field of ['nodeAffinityPolicy', 'nodeTaintsPolicy'] as const) {
    const policy = constraint[field];
    if (policy !== undefined && !policies.includes(policy))
      errors.push(notSupported(field, policy, policies));
  }
  return [...errors, ...validateMatchKeys(matchLabelKeys, labelSelector)];
}

type Requirement = NonNullable<NodeSelectorTerm['matchFields']>[number];

function validateNodeField({ key, operator, values = [] }: Requirement): FieldError[] {
  const errors: FieldError[] = [];
  if (operator !== 'In' && operator !== 'NotIn')
    errors.push(invalidValue('operator', operator, 'not a valid selector operator'));
  else if (values.length !== 1) {
    const why = "must be only one value when `operator` is 'In' or 'NotIn' for node field selector";
    errors.push(required('values', why));
  }
  if (key !== 'metadata.name') return [...errors, invalidValue('key', key, 'not a valid field selector key')];
  return [
    ...errors,
    ...values.flatMap((value, index) => invalidFor(`values[${index}]`, value, checkDns1123Subdomain(value))),
  ];
}

/** What a term of a required affinity may not say; a preferred one may have any values. */
function validateNodeTerm(term: NodeSelectorTerm, isRequired: boolean): FieldError[] {
  const { matchExpressions = [], matchFields = [] } = term;
  return [
    ...matchExpressions.flatMap(({ values = [] }, index) =>
      isRequired
        ? values.flatMap((value, at) =>
            invalidFor(`matchExpressions[${index}].values[${at}]`, value, checkLabelValue(value)),
          )
        : [],
    ),
    ...matchFields.flatMap((requirement, index) =>
      under(`matchFields[${index}]`, validateNodeField(requirement)),
    ),
  ];
}

function validateNodeAffinity({ affinity }: PodSpec): FieldError[] {
  const {
    requiredDuringSchedulingIgnoredDuringExecution: must,
    preferredDuringSchedulingIgnoredDuringExecution: may,
  } = affinity?.nodeAffinity ?? {};
  return under('affinity.nodeAffinity', [
    ...(must?.nodeSelectorTerms ?? []).flatMap((term, index) =>
      under(
        `requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[${index}]`,
        validateNodeTerm(term, true),
      ),
    ),
    ...(may ?? []).flatMap(({ preference }, index) =>
      under(
        `preferredDuringSchedulingIgnoredDuringExecution[${index}].preference`,
        validateNodeTerm(preference ?? {}, false),
      ),
    ),
  ]);
}

function validatePodTerm(term: PodAffinityTerm): FieldError[] {
  const { namespaces = [], matchLabelKeys = [], mismatchLabelKeys = [], labelSelector } = term;
  const errors = namespaces.flatMap((name) => invalidFor('namespace', name, checkDns1123Label(name)));
  for (const [field, keys] of Object.entries({ matchLabelKeys, mismatchLabelKeys })) {
    if (keys.length > 0 && labelSelector === undefined)
      errors.push(forbidden(field, 'must not be specified when labelSelector is not set'));
    else
      for (const [index, key] of keys.entries())
        errors.push(...invalidFor(`${field}[${index}]`, key, checkLabelKey(key)));
  }
  for (const [index, key] of matchLabelKeys.entries())
    if (mismatchLabelKeys.includes(key)) {
      const why = 'exists in both matchLabelKeys and mismatchLabelKeys';
      errors.push(invalidValue(`matchLabelKeys[${index}]`, key, why));
    }
  return errors;
}

function validatePodAffinities({ affinity = {} }: PodSpec): FieldError[] {
  return (['podAffinity', 'podAntiAffinity'] as const).flatMap((field) => {
    const {
      requiredDuringSchedulingIgnoredDuringExecution: must,
      preferredDuringSchedulingIgnoredDuringExecution: may,
    } = affinity[field] ?? {};
    return under(`affinity.${field}`, [
      ...(must ?? []).flatMap((term, index) =>
        under(`requiredDuringSchedulingIgnoredDuringExecution[${index}]`, validatePodTerm(term)),
      ),
      ...(may ?? []).flatMap(({ podAffinityTerm }, index) =>
        under(
          `preferredDuringSchedulingIgnoredDuringExecution[${index}].podAffinityTerm`,
          validatePodTerm(podAffinityTerm),
        ),
      ),
    ]);
  });
}

function validateDns({ dnsConfig = {} }: PodSpec): FieldError[] {
  const { nameservers = [], searches = [], options = [] } = dnsConfig;
  const errors = nameservers.flatMap((address, index) =>
    invalidFor(`nameservers[${index}]`, address, checkIp(address)),
  );
  if (searches.length > searchesMax)
    errors.push(invalidValue('searches', searches, `must not have more than ${searchesMax} search paths`));
  if (searches.join(' ').length > searchListLengthMax) {
    const why = `must not have more than ${searchListLengthMax} characters (including spaces) in the search list`;
    errors.push(invalidValue('searches', searches, why));
  }
  for (const [index, search] of searches.entries()) {
    const name = search.replace(/\.$/, '');
    if (search !== '.')
      errors.push(...invalidFor(`searches[${index}]`, name, checkDns1123SubdomainWithUnderscore(name)));
  }
  for (const [index, { name }] of options.entries())
    if (!name) errors.push(required(`options[${index}]`, 'must not be empty'));
  return under('dnsConfig', errors);
}

function validateHostAliases({ hostAliases = [] }: PodSpec): FieldError[] {
  return hostAliases.flatMap(({ ip, hostnames = [] }, index) =>
    under(`hostAliases[${index}]`, [
      ...invalidFor('ip', ip ?? '', checkIp(ip ?? '')),
      ...hostnames.flatMap((name, at) => invalidFor(`hostnames[${at}]`, name, checkDns1123Subdomain(name))),
    ]),
  );
}

/** What is wrong with where a pod may run and how it finds names. */
export function checkPlacement(spec: PodSpec): FieldError[] {
  return [
    ...validateNodeAffinity(spec),
    ...validatePodAffinities(spec),
    ...validateDns(spec),
    ...(spec.topologySpreadConstraints ?? []).flatMap((constraint, index) =>
      under(`topologySpreadConstraints[${index}]`, validateSpread(constraint)),
    ),
    ...validateHostAliases(spec),
  ];
}
