// Upstream: apiextensions-apiserver/pkg/apihelpers/helpers.go
import type {
  CustomResourceDefinition,
  CustomResourceDefinitionCondition,
} from '#generated/types/apiextensions.v1.ts';

/** Keeps a deleted definition until its resources are gone. */
export const cleanupFinalizer = 'customresourcecleanup.apiextensions.k8s.io';

type Condition = CustomResourceDefinitionCondition;

export function conditionOf({ status }: CustomResourceDefinition, type: string): Condition | undefined {
  return status.conditions?.find((condition) => condition.type === type);
}

export function isTrue(definition: CustomResourceDefinition, type: string): boolean {
  return conditionOf(definition, type)?.status === 'True';
}

/** The definition with the condition set; its time is that of its last change of status. */
export function withCondition(
  definition: CustomResourceDefinition,
  condition: Condition,
  timestamp?: string,
): CustomResourceDefinition {
  const { conditions = [] } = definition.status;
  const before = conditionOf(definition, condition.type);
  const time = before?.status === condition.status ? before.lastTransitionTime : timestamp;
  const next = { ...(time && { lastTransitionTime: time }), ...condition };
  return {
    ...definition,
    status: {
      ...definition.status,
      conditions:
        before === undefined
          ? [...conditions, next]
          : conditions.map((entry) => (entry === before ? next : entry)),
    },
  };
}
