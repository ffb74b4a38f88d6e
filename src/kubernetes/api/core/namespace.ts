import type { Namespace } from '#generated/types/core.v1.ts';
import { invalidValue } from '#kubernetes/apimachinery/fieldErrors.ts';
import { checkDns1123Label } from '#kubernetes/apimachinery/names.ts';
import { ageColumn, column, nameColumn } from '../columns.ts';
import type { Kind } from '../kind.ts';
import { validateFinalizerName } from '../objectMeta.ts';
import { withDefaults, withField } from '../sharing.ts';

export type { Namespace };

/** The label by which every namespace can be selected. Upstream: core/v1/well_known_labels.go. */
const nameLabel = 'kubernetes.io/metadata.name';

/** The finalizer in `spec` that keeps a namespace until the namespace controller has emptied it. */
const kubernetesFinalizer = 'kubernetes';

export const namespaces: Kind<Namespace> = {
  group: '',
  version: 'v1',
  kind: 'Namespace',
  plural: 'namespaces',
  singular: 'namespace',
  shortNames: ['ns'],
  categories: [],
  namespaced: false,
  schema: 'io.k8s.api.core.v1.Namespace',
  hasStatus: true,
  countsGenerations: false,

  defaults(namespace) {
    const { name, labels } = namespace.metadata;
    const labelled =
      !name || labels?.[nameLabel] === name
        ? namespace.metadata
        : { ...namespace.metadata, labels: { ...labels, [nameLabel]: name } };
    return withDefaults(withField(namespace, 'metadata', labelled), {
      spec: {},
      status: { phase: 'Active' },
    });
  },

  prepareForCreate(namespace) {
    const finalizers = namespace.spec.finalizers ?? [];
    return {
      ...namespace,
      spec: finalizers.includes(kubernetesFinalizer)
        ? namespace.spec
        : { ...namespace.spec, finalizers: [...finalizers, kubernetesFinalizer] },
      status: { phase: 'Active' },
    };
  },

  // Finalizers change through the finalize subresource only.
  prepareForUpdate: (namespace, old) => withField(namespace, 'spec', old.spec),

  checkName: checkDns1123Label,

  validate: ({ spec }) =>
    (spec.finalizers ?? []).flatMap((name) => validateFinalizerName('spec.finalizers', name)),

  // Upstream: ValidateNamespaceStatusUpdate; it is there that the field has a capital.
  validateStatusUpdate({ metadata, status }) {
    const isDeleted = metadata.deletionTimestamp !== undefined;
    const phase = isDeleted ? 'Terminating' : 'Active';
    if (status.phase === phase) return [];
    const why = `may only be '${phase}' if \`deletionTimestamp\` is ${isDeleted ? 'not ' : ''}empty`;
    return [invalidValue('status.Phase', status.phase ?? '', why)];
  },

  selectableFields: ['status.phase'],
  fieldValue: (namespace) => namespace.status.phase ?? '',

  columns: [nameColumn, column('Status', (namespace) => namespace.status.phase ?? ''), ageColumn],
};
