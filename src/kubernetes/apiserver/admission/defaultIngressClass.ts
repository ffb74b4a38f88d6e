// Upstream: plugin/pkg/admission/network/defaultingressclass/admission.go
import type { Ingress } from '#generated/types/networking.v1.ts';
import { ingressClasses } from '#kubernetes/api/networking/ingressClass.ts';
import type { AdmissionPlugin } from '../context.ts';
import { cacheOf } from '../kindCache.ts';
import { defaultClassOf } from './defaultClass.ts';

const defaultAnnotation = 'ingressclass.kubernetes.io/is-default-class';
const classAnnotation = 'kubernetes.io/ingress.class';

/** An Ingress that names no class gets the default one. */
export const defaultIngressClass: AdmissionPlugin = {
  name: 'DefaultIngressClass',
  handles: ({ operation, kind, subresource }) =>
    operation === 'CREATE' && kind.plural === 'ingresses' && subresource === '',
  admit(object, _request, { storage }) {
    const ingress = object as Ingress;
    const { annotations } = ingress.metadata;
    if (ingress.spec?.ingressClassName !== undefined || annotations?.[classAnnotation] !== undefined)
      return object;
    const found = defaultClassOf(cacheOf(storage, ingressClasses).in(''), [defaultAnnotation]);
    if (found === undefined) return object;
    const spec = { ...ingress.spec, ingressClassName: found.metadata.name };
    return { ...ingress, spec } as Ingress;
  },
};
