import type { IngressClass } from '#generated/types/networking.v1.ts';
import { forbidden, invalidValue, required, tooLong } from '#kubernetes/apimachinery/fieldErrors.ts';
import { checkDns1123Label, checkDns1123Subdomain } from '#kubernetes/apimachinery/names.ts';
import type { FieldError } from '#kubernetes/apimachinery/statusError.ts';
import { ageColumn, column, nameColumn } from '../columns.ts';
import { invalidFor, under, validateEnum, validateImmutable } from '../fieldChecks.ts';
import type { Kind } from '../kind.ts';
import { withDefaults, withField } from '../sharing.ts';
import { validateReference } from './reference.ts';

export type { IngressClass };

const controllerLengthMax = 250;

const pathPattern = "[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+";

function validateController(controller = ''): FieldError[] {
  if (controller === '') return [required('')];
  const errors = controller.length > controllerLengthMax ? [tooLong('', controllerLengthMax)] : [];
  const slash = controller.indexOf('/');
  const [domain, path] = [controller.slice(0, slash), controller.slice(slash + 1)];
  if (slash <= 0 || path === '') {
    const why = 'must be a domain-prefixed path (such as "acme.io/foo")';
    return [...errors, invalidValue('', controller, why)];
  }
  errors.push(...invalidFor('', domain, checkDns1123Subdomain(domain)));
  return new RegExp(`^${pathPattern}$`).test(path)
    ? errors
    : [...errors, invalidValue('', path, `Invalid path (regex used for validation is '${pathPattern}')`)];
}

type Parameters = NonNullable<IngressClass['spec']['parameters']>;

function validateParameters(parameters: Parameters): FieldError[] {
  const { scope, namespace } = parameters;
  const errors = [
    ...validateReference(parameters),
    ...validateEnum('scope', scope, ['Cluster', 'Namespace']),
  ];
  if (scope === 'Namespace') {
    if (namespace === undefined)
      errors.push(required('namespace', "`parameters.scope` is set to 'Namespace'"));
    else errors.push(...invalidFor('namespace', namespace, checkDns1123Label(namespace)));
  }
  if (scope === 'Cluster' && namespace !== undefined)
    errors.push(forbidden('namespace', "`parameters.scope` is set to 'Cluster'"));
  return errors;
}

function formatParameters({ spec: { parameters } }: IngressClass): string {
  if (parameters === undefined) return '<none>';
  const group = parameters.apiGroup === undefined ? '' : `.${parameters.apiGroup}`;
  return `${parameters.kind}${group}/${parameters.name}`;
}

export const ingressClasses: Kind<IngressClass> = {
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'IngressClass',
  plural: 'ingressclasses',
  singular: 'ingressclass',
  shortNames: [],
  categories: [],
  namespaced: false,
  schema: 'io.k8s.api.networking.v1.IngressClass',
  hasStatus: false,
  countsGenerations: true,
  defaults(ingressClass) {
    const { parameters } = ingressClass.spec;
    if (parameters === undefined) return ingressClass;
    const scoped = withDefaults(parameters, { scope: 'Cluster' });
    return withField(ingressClass, 'spec', withField(ingressClass.spec, 'parameters', scoped));
  },
  validate: ({ spec: { controller, parameters } }) => [
    ...under('spec.controller', validateController(controller)),
    ...(parameters ? under('spec.parameters', validateParameters(parameters)) : []),
  ],
  validateUpdate: ({ spec }, old) =>
    validateImmutable('spec.controller', spec.controller, old.spec.controller),
  columns: [
    nameColumn,
    column('Controller', ({ spec }) => spec.controller ?? ''),
    column('Parameters', formatParameters),
    ageColumn,
  ],
};
