import type { IngressClass } from '#generated/types/networking.v1.ts';
import { invalidValue } from '#kubernetes/apimachinery/fieldErrors.ts';
import { ageColumn, column, nameColumn } from '../columns.ts';
import { validateImmutable } from '../fieldChecks.ts';
import type { Kind } from '../kind.ts';
import { withDefaults, withField } from '../sharing.ts';

export type { IngressClass };

const controllerLengthMax = 250;

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
  defaults(ingressClass) {
    const { parameters } = ingressClass.spec;
    if (parameters === undefined) return ingressClass;
    const scoped = withDefaults(parameters, { scope: 'Cluster' });
    return withField(ingressClass, 'spec', withField(ingressClass.spec, 'parameters', scoped));
  },
  validate({ spec: { controller = '' } }) {
    const errors = [];
    if (controller.length > controllerLengthMax)
      errors.push(
        invalidValue('spec.controller', controller, `must be no more than ${controllerLengthMax} bytes`),
      );
    if (!controller.includes('/'))
      errors.push(
        invalidValue('spec.controller', controller, "must be a domain-prefixed path (such as 'acme.io/foo')"),
      );
    return errors;
  },
  validateUpdate: ({ spec }, old) =>
    validateImmutable('spec.controller', spec.controller, old.spec.controller),
  columns: [
    nameColumn,
    column('Controller', ({ spec }) => spec.controller ?? ''),
    column('Parameters', formatParameters),
    ageColumn,
  ],
};
