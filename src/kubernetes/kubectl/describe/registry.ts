import type { KubeObject } from '#kubernetes/api/object.ts';
import { describeCertificateSigningRequest } from './certificateSigningRequest.ts';
import {
  describeConfigMap,
  describeNamespace,
  describeSecret,
  describePriorityClass,
  describeServiceAccount,
} from './configuration.ts';
import type { DescribeContext, Describer } from './describer.ts';
import { DescribeWriter } from './describeWriter.ts';
import { describeEndpoints, describeEndpointSlice } from './endpoints.ts';
import { describeGeneric } from './generic.ts';
import { describeHorizontalPodAutoscaler } from './horizontalPodAutoscaler.ts';
import { describeIngress } from './ingress.ts';
import { describeCronJob, describeJob } from './job.ts';
import { describeLimitRange, describeResourceQuota } from './limits.ts';
import { describeIngressClass, describeIpAddress, describeServiceCidr } from './networkObjects.ts';
import { describeNetworkPolicy } from './networkPolicy.ts';
import { describeNode } from './node.ts';
import { describePersistentVolume, describePersistentVolumeClaim } from './persistentVolumes.ts';
import { describePod } from './pod.ts';
import { describePodDisruptionBudget } from './podDisruptionBudget.ts';
import {
  describeClusterRole,
  describeClusterRoleBinding,
  describeRole,
  describeRoleBinding,
} from './rbac.ts';
import { describeCsiNode, describeStorageClass, describeVolumeAttributesClass } from './storageClasses.ts';
import { describeService } from './service.ts';
import {
  describeDaemonSet,
  describeDeployment,
  describeReplicaSet,
  describeReplicationController,
  describeStatefulSet,
} from './workloads.ts';

/** Method parameters are bivariant, so every Describer<T> fits. */
const describers: readonly Describer[] = [
  describeCertificateSigningRequest,
  describeClusterRole,
  describeClusterRoleBinding,
  describeConfigMap,
  describeCronJob,
  describeCsiNode,
  describeDaemonSet,
  describeDeployment,
  describeEndpoints,
  describeEndpointSlice,
  describeHorizontalPodAutoscaler,
  describeIngress,
  describeIngressClass,
  describeIpAddress,
  describeJob,
  describeLimitRange,
  describeNamespace,
  describeNetworkPolicy,
  describeNode,
  describePersistentVolume,
  describePersistentVolumeClaim,
  describePod,
  describePodDisruptionBudget,
  describePriorityClass,
  describeReplicaSet,
  describeReplicationController,
  describeResourceQuota,
  describeRole,
  describeRoleBinding,
  describeSecret,
  describeService,
  describeServiceAccount,
  describeServiceCidr,
  describeStatefulSet,
  describeStorageClass,
  describeVolumeAttributesClass,
];

/** What `kubectl describe` prints for one object. */
export async function describeObject(object: KubeObject, context: DescribeContext): Promise<string> {
  const writer = new DescribeWriter();
  const { group, kind } = context.resource;
  const describer = describers.find((one) => one.group === group && one.kind === kind);
  if (describer) await describer.describe(object, writer, context);
  else await describeGeneric(object, writer, context);
  return writer.toString();
}
