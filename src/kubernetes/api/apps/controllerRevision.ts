import type { ControllerRevision } from '#generated/types/apps.v1.ts';
import { required } from '#kubernetes/apimachinery/fieldErrors.ts';
import { ageColumn, column, nameColumn } from '../columns.ts';
import { validateImmutable, validateNotNegative } from '../fieldChecks.ts';
import type { Kind } from '../kind.ts';

export type { ControllerRevision };

/** `daemonset.apps/kube-proxy`, of the owner that controls the revision. */
function formatController({ metadata }: ControllerRevision): string {
  const owner = metadata.ownerReferences?.find(({ controller }) => controller);
  if (owner === undefined) return '<none>';
  const slash = owner.apiVersion.indexOf('/');
  const group = slash < 0 ? '' : `.${owner.apiVersion.slice(0, slash)}`;
  return `${(owner.kind + group).toLowerCase()}/${owner.name}`;
}

export const controllerRevisions: Kind<ControllerRevision> = {
  group: 'apps',
  version: 'v1',
  kind: 'ControllerRevision',
  plural: 'controllerrevisions',
  singular: 'controllerrevision',
  shortNames: [],
  categories: [],
  namespaced: true,
  schema: 'io.k8s.api.apps.v1.ControllerRevision',
  hasStatus: false,
  validate: ({ data, revision }) => [
    ...(data === undefined ? [required('data', 'data is mandatory')] : []),
    ...validateNotNegative('revision', revision),
  ],
  validateUpdate: (revision, old) => validateImmutable('data', revision.data, old.data),
  columns: [
    nameColumn,
    column('Controller', formatController),
    column('Revision', ({ revision }) => revision),
    ageColumn,
  ],
};
