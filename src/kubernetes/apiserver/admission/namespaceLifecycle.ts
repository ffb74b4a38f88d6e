// Upstream: apiserver/pkg/admission/plugin/namespace/lifecycle/admission.go
import type { Namespace } from '#generated/types/core.v1.ts';
import { StatusError, notFound, qualifiedResource } from '#kubernetes/apimachinery/statusError.ts';
import type { AdmissionPlugin } from '../context.ts';

/** Namespaces that nobody may delete. */
const immortal = new Set(['default', 'kube-system', 'kube-public']);

/** Nothing is created in a namespace that is missing or going away, and some namespaces stay for ever. */
export const namespaceLifecycle: AdmissionPlugin = {
  name: 'NamespaceLifecycle',
  handles: ({ operation, kind }) =>
    operation === 'CREATE' ? kind.namespaced : operation === 'DELETE' && kind.plural === 'namespaces',
  admit(object, { kind, namespace, name }, context) {
    if (namespace === '') return object;
    const namespaces = context.kinds.findResource('', 'v1', 'namespaces')!;
    const found = context.storage.get(namespaces, '', namespace) as Namespace | undefined;
    if (found === undefined) throw notFound('', 'namespaces', namespace);
    if (found.metadata.deletionTimestamp === undefined) return object;
    const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
    throw new StatusError(
      'Forbidden',
      `${qualifiedResource(kind.group, kind.plural)} "${name}" is forbidden: ${why}`,
      {
        name,
        ...(kind.group && { group: kind.group }),
        kind: kind.plural,
        causes: [
          {
            reason: 'NamespaceTerminating',
            message: `namespace ${namespace} is being terminated`,
            field: 'metadata.namespace',
          },
        ],
      },
    );
  },
  validate(_object, { operation, kind, name }) {
    if (operation !== 'DELETE' || kind.plural !== 'namespaces' || !immortal.has(name)) return;
    throw new StatusError(
      'Forbidden',
      `namespaces "${name}" is forbidden: this namespace may not be deleted`,
      {
        name,
        kind: 'namespaces',
      },
    );
  },
};
