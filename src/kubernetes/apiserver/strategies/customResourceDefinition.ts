// Upstream: apiextensions-apiserver/pkg/registry/customresourcedefinition/etcd.go
import type { CustomResourceDefinition } from '#generated/types/apiextensions.v1.ts';
import type { Strategy } from '../context.ts';
import { cleanupFinalizer, withCondition } from '../customresources/conditions.ts';

/** A definition that is deleted stays until its resources are gone. */
export const customResourceDefinitionStrategy: Strategy = {
  plural: 'customresourcedefinitions',
  group: 'apiextensions.k8s.io',
  deletionFinalizers: [cleanupFinalizer],
  beginDelete: (object) =>
    withCondition(object as CustomResourceDefinition, {
      type: 'Terminating',
      status: 'True',
      reason: 'InstanceDeletionPending',
      message: 'CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon',
    }),
};
