// Upstream: pkg/apis/admissionregistration/{v1/defaults.go,validation/validation.go}
import type { MatchResources, ParamKind, ParamRef } from '#generated/types/admissionregistration.v1.ts';
import { forbidden, invalidValue, notSupported, required } from '#kubernetes/apimachinery/fieldErrors.ts';
import { formatLabelSelector, validateLabelSelector } from '#kubernetes/apimachinery/labels.ts';
import {
  checkDns1035Label,
  checkDns1123Subdomain,
  checkPathSegment,
} from '#kubernetes/apimachinery/names.ts';
import type { FieldError } from '#kubernetes/apimachinery/statusError.ts';
import { invalidFor, under, validateEnum } from '../fieldChecks.ts';
import { withDefaults, withField } from '../sharing.ts';
import { defaultRules, validateNamedRule } from './rules.ts';
import { matchPolicies } from './webhooks.ts';

const notFoundActions = ['Deny', 'Allow'];

/** What a policy or a binding is for, with what the server fills in. */
export function defaultMatchResources(match: MatchResources): MatchResources {
  const filled = withDefaults(match, {
    matchPolicy: 'Equivalent',
    namespaceSelector: {},
    objectSelector: {},
  });
  const withRules = withField(filled, 'resourceRules', defaultRules(match.resourceRules));
  return withField(withRules, 'excludeResourceRules', defaultRules(match.excludeResourceRules));
}

/** What is wrong with it; fields are relative to it. */
export function validateMatchResources(match: MatchResources): FieldError[] {
  const { matchPolicy, namespaceSelector, objectSelector } = match;
  const errors = validateEnum('matchPolicy', matchPolicy, matchPolicies);
  for (const [field, selector] of Object.entries({ namespaceSelector, objectSelector }))
    errors.push(...(selector === undefined ? [required(field)] : validateLabelSelector(selector, field)));
  for (const list of ['resourceRules', 'excludeResourceRules'] as const)
    for (const [index, rule] of (match[list] ?? []).entries())
      errors.push(...under(`${list}[${index}]`, validateNamedRule(rule)));
  return errors;
}

/** What is wrong with the kind of a policy's parameters; fields are relative to it. */
export function validateParamKind({ apiVersion = '', kind = '' }: ParamKind): FieldError[] {
  const parts = apiVersion.split('/');
  const version = parts.at(-1)!;
  const group = parts.length > 1 ? parts[0]! : '';
  const errors: FieldError[] = [];
  if (apiVersion === '') errors.push(required('apiVersion'));
  else if (parts.length > 2)
    errors.push(invalidValue('apiVersion', apiVersion, `unexpected GroupVersion string: ${apiVersion}`));
  else {
    const groupSentences = group === '' ? [] : checkDns1123Subdomain(group);
    if (groupSentences.length > 0) errors.push(invalidValue('apiVersion', group, groupSentences.join(',')));
    const versionSentences = checkDns1035Label(version);
    if (version === '') errors.push(invalidValue('apiVersion', apiVersion, 'version must be specified'));
    else if (versionSentences.length > 0)
      errors.push(invalidValue('apiVersion', version, versionSentences.join(',')));
  }
  if (kind === '') return [...errors, required('kind')];
  const sentences = checkDns1035Label(kind.toLowerCase());
  if (sentences.length === 0) return errors;
  const why = `may have mixed case, but should otherwise match: ${sentences.join(',')}`;
  return [...errors, invalidValue('kind', kind, why)];
}

/** A missing parameter denies unless the binding says otherwise. */
export function defaultParamRef(ref: ParamRef | undefined): ParamRef | undefined {
  return ref && withDefaults(ref, { parameterNotFoundAction: 'Deny' });
}

/** What is wrong with where a binding finds its parameters; fields are relative to it. */
export function validateParamRef({ name, selector, parameterNotFoundAction }: ParamRef): FieldError[] {
  const errors: FieldError[] = [];
  const exclusive = 'name and selector are mutually exclusive';
  if (name) {
    errors.push(...invalidFor('name', name, checkPathSegment(name)));
    if (selector) errors.push(forbidden('name', exclusive));
  }
  if (selector) {
    errors.push(...validateLabelSelector(selector, 'selector'));
    if (name) errors.push(forbidden('selector', exclusive));
  }
  if (!name && !selector) errors.push(required('', 'one of name or selector must be specified'));
  if (!parameterNotFoundAction) errors.push(required('parameterNotFoundAction'));
  else if (!notFoundActions.includes(parameterNotFoundAction))
    errors.push(notSupported('parameterNotFoundAction', parameterNotFoundAction, notFoundActions));
  return errors;
}

/** As the tables show a policy's kind of parameters. */
export function formatParamKind(paramKind: ParamKind | undefined): string {
  return paramKind === undefined ? '<unset>' : `${paramKind.apiVersion ?? ''}/${paramKind.kind ?? ''}`;
}

/** As the tables show a binding's parameters. */
export function formatParamRef(ref: ParamRef | undefined): string {
  if (ref === undefined) return '<unset>';
  // One cannot tell from here whether the parameter is of the cluster.
  if (ref.name) return `${ref.namespace || '*'}/${ref.name}`;
  return ref.selector === undefined ? '<unset>' : formatLabelSelector(ref.selector);
}
