// Upstream: pkg/apis/node/validation/validation.go
import type { RuntimeClass } from '#generated/types/node.v1.ts';
import { validateLabels } from '#kubernetes/apimachinery/labels.ts';
import { checkDns1123Label } from '#kubernetes/apimachinery/names.ts';
import { duplicate } from '#kubernetes/apimachinery/fieldErrors.ts';
import type { FieldError } from '#kubernetes/apimachinery/statusError.ts';
import { deepEqual } from '#kubernetes/apimachinery/structure.ts';
import { ageColumn, column, nameColumn } from '../columns.ts';
import { validateResources } from '../containerValidation.ts';
import { invalidFor, joinPath, under, validateImmutable } from '../fieldChecks.ts';
import type { Kind } from '../kind.ts';
import { validateTolerations } from '../placementValidation.ts';

export type { RuntimeClass };

function validateScheduling({
  nodeSelector,
  tolerations = [],
}: NonNullable<RuntimeClass['scheduling']>): FieldError[] {
  const repeated = tolerations.flatMap((toleration, index) =>
    tolerations.slice(0, index).some((other) => deepEqual(other, toleration))
      ? [duplicate(`scheduling.tolerations[${index}]`, toleration)]
      : [],
  );
  return [
    ...validateLabels(nodeSelector, 'scheduling.nodeSelector'),
    ...under('scheduling.tolerations', validateTolerations(tolerations)),
    ...repeated,
  ];
}

function validateOverhead({ podFixed = {} }: NonNullable<RuntimeClass['overhead']>): FieldError[] {
  return validateResources({ requests: podFixed, limits: podFixed })
    .filter(({ field }) => field.startsWith('limits'))
    .map((error) => ({ ...error, field: joinPath('overhead.podFixed', error.field.slice('limits'.length)) }));
}

export const runtimeClasses: Kind<RuntimeClass> = {
  group: 'node.k8s.io',
  version: 'v1',
  kind: 'RuntimeClass',
  plural: 'runtimeclasses',
  singular: 'runtimeclass',
  shortNames: [],
  categories: [],
  namespaced: false,
  schema: 'io.k8s.api.node.v1.RuntimeClass',
  hasStatus: false,
  validate: ({ handler, overhead, scheduling }: Partial<RuntimeClass>) => [
    ...invalidFor('handler', handler ?? '', checkDns1123Label(handler ?? '')),
    ...(overhead ? validateOverhead(overhead) : []),
    ...(scheduling ? validateScheduling(scheduling) : []),
  ],
  validateUpdate: ({ handler }, old) => validateImmutable('handler', handler, old.handler),
  columns: [nameColumn, column('Handler', ({ handler }) => handler), ageColumn],
};
