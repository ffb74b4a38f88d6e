// Upstream: pkg/registry/core/namespace/{strategy,storage/storage}.go
import type { Namespace } from '#generated/types/core.v1.ts';
import type { Strategy } from '../context.ts';

/** A namespace stays, Terminating, until its controller has emptied it and taken its finalizer off the spec. */
export const namespaceStrategy: Strategy = {
  plural: 'namespaces',
  group: '',
  beforeCreate(object) {
    const namespace = object as Namespace;
    const { name, labels } = namespace.metadata;
    return {
      ...namespace,
      // Defaults could not tell a generated name.
      metadata: { ...namespace.metadata, labels: { ...labels, 'kubernetes.io/metadata.name': name } },
    };
  },
  beforeUpdate(object, old) {
    const { spec } = old as Namespace;
    return (object as Namespace).spec === spec ? object : ({ ...object, spec } as Namespace);
  },
  beginDelete: (object) =>
    ({ ...object, status: { ...(object as Namespace).status, phase: 'Terminating' } }) as Namespace,
  isFinalized: (object) => ((object as Namespace).spec.finalizers ?? []).length === 0,
};
