// Upstream: kubectl/pkg/describe/describe.go describeDeployment, describeReplicaSet, describeStatefulSet, describeDaemonSet
import type { DaemonSet, Deployment, ReplicaSet, StatefulSet } from '#generated/types/apps.v1.ts';
import type { ReplicationController } from '#generated/types/core.v1.ts';
import { formatLabelSelector, formatLabels, selectorOf } from '#kubernetes/apimachinery/labels.ts';
import { replicaSetsOf } from '../replicaSets.ts';
import { eventsAbout, type DescribeContext, type Describer } from './describer.ts';
import type { DescribeWriter } from './describeWriter.ts';
import { controllerOf, longTime, writeEvents, writeLabelsAndAnnotations } from './fields.ts';
import { podsStatus, writeConditions, writePodTemplate } from './podTemplate.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';

async function writeEventsOf(
  object: KubeObject,
  writer: DescribeWriter,
  context: DescribeContext,
): Promise<void> {
  if (context.showEvents) writeEvents(writer, await eventsAbout(object, context), context.nowMs);
}

const listSets = (sets: readonly ReplicaSet[]) =>
  sets
    .map((set) => `${set.metadata.name} (${set.status.replicas}/${set.spec.replicas} replicas created)`)
    .join(', ') || '<none>';

export const describeDeployment: Describer<Deployment> = {
  group: 'apps',
  kind: 'Deployment',
  async describe(deployment, writer, context) {
    const { metadata, spec, status } = deployment;
    const { current, old } = await replicaSetsOf(deployment, context.invocation);
    writer.line(0, `Name:\t${metadata.name}`);
    writer.line(0, `Namespace:\t${metadata.namespace}`);
    writer.line(0, `CreationTimestamp:\t${longTime(metadata.creationTimestamp)}`);
    writeLabelsAndAnnotations(writer, metadata);
    writer.line(0, `Selector:\t${selectorOf(spec.selector).toString()}`);
    writer.line(
      0,
      `Replicas:\t${spec.replicas} desired | ${status.updatedReplicas ?? 0} updated | ${status.replicas ?? 0} total | ${status.availableReplicas ?? 0} available | ${status.unavailableReplicas ?? 0} unavailable`,
    );
    writer.line(0, `StrategyType:\t${spec.strategy?.type}`);
    writer.line(0, `MinReadySeconds:\t${spec.minReadySeconds ?? 0}`);
    const rolling = spec.strategy?.rollingUpdate;
    if (rolling)
      writer.line(
        0,
        `RollingUpdateStrategy:\t${rolling.maxUnavailable} max unavailable, ${rolling.maxSurge} max surge`,
      );
    writePodTemplate(writer, spec.template);
    writeConditions(writer, status.conditions);
    if (current || old.length > 0) {
      writer.line(0, `OldReplicaSets:\t${listSets(old)}`);
      writer.line(0, `NewReplicaSet:\t${listSets(current ? [current] : [])}`);
    }
    await writeEventsOf(deployment, writer, context);
  },
};

export const describeReplicaSet: Describer<ReplicaSet> = {
  group: 'apps',
  kind: 'ReplicaSet',
  async describe(set, writer, context) {
    const { metadata, spec, status } = set;
    writer.line(0, `Name:\t${metadata.name}`);
    writer.line(0, `Namespace:\t${metadata.namespace}`);
    writer.line(0, `Selector:\t${formatLabelSelector(spec.selector)}`);
    writeLabelsAndAnnotations(writer, metadata);
    const controller = controllerOf(metadata);
    if (controller) writer.line(0, `Controlled By:\t${controller}`);
    writer.line(0, `Replicas:\t${status.replicas} current / ${spec.replicas} desired`);
    writer.line(0, `Pods Status:\t${await podsStatus(set, String(selectorOf(spec.selector)), context)}`);
    writePodTemplate(writer, spec.template ?? {});
    writeConditions(writer, status.conditions);
    await writeEventsOf(set, writer, context);
  },
};

export const describeReplicationController: Describer<ReplicationController> = {
  group: '',
  kind: 'ReplicationController',
  async describe(controller, writer, context) {
    const { metadata, spec, status } = controller;
    const selector = formatLabels(spec?.selector);
    writer.line(0, `Name:\t${metadata.name}`);
    writer.line(0, `Namespace:\t${metadata.namespace}`);
    writer.line(0, `Selector:\t${selector}`);
    writeLabelsAndAnnotations(writer, metadata);
    writer.line(0, `Replicas:\t${status?.replicas ?? 0} current / ${spec?.replicas ?? 1} desired`);
    writer.line(0, `Pods Status:\t${await podsStatus(controller, selector, context)}`);
    writePodTemplate(writer, spec?.template ?? {});
    writeConditions(writer, status?.conditions);
    await writeEventsOf(controller, writer, context);
  },
};

export const describeStatefulSet: Describer<StatefulSet> = {
  group: 'apps',
  kind: 'StatefulSet',
  async describe(set, writer, context) {
    const { metadata, spec, status } = set;
    const selector = String(selectorOf(spec.selector));
    writer.line(0, `Name:\t${metadata.name}`);
    writer.line(0, `Namespace:\t${metadata.namespace}`);
    writer.line(0, `CreationTimestamp:\t${longTime(metadata.creationTimestamp)}`);
    writer.line(0, `Selector:\t${selector}`);
    writeLabelsAndAnnotations(writer, metadata);
    writer.line(0, `Replicas:\t${spec.replicas} desired | ${status.replicas} total`);
    writer.line(0, `Update Strategy:\t${spec.updateStrategy?.type}`);
    const { partition, maxUnavailable } = spec.updateStrategy?.rollingUpdate ?? {};
    if (partition !== undefined) writer.line(1, `Partition:\t${partition}`);
    if (maxUnavailable !== undefined) writer.line(1, `MaxUnavailable:\t${maxUnavailable}`);
    writer.line(0, `Pods Status:\t${await podsStatus(set, selector, context)}`);
    writePodTemplate(writer, spec.template);
    const claims = spec.volumeClaimTemplates ?? [];
    writer.line(0, claims.length === 0 ? 'Volume Claims:\t<none>' : 'Volume Claims:');
    for (const claim of claims) {
      writer.line(1, `Name:\t${claim.metadata.name}`);
      writer.line(1, `StorageClass:\t${claim.spec.storageClassName ?? ''}`);
      writer.line(1, `Labels:\t${formatLabels(claim.metadata.labels)}`);
      writer.line(1, `Annotations:\t${formatLabels(claim.metadata.annotations)}`);
      writer.line(1, `Capacity:\t${claim.spec.resources?.requests?.['storage'] ?? '<default>'}`);
      writer.line(1, `Access Modes:\t[${(claim.spec.accessModes ?? []).join(' ')}]`);
    }
    await writeEventsOf(set, writer, context);
  },
};

export const describeDaemonSet: Describer<DaemonSet> = {
  group: 'apps',
  kind: 'DaemonSet',
  async describe(set, writer, context) {
    const { metadata, spec, status } = set;
    const selector = String(selectorOf(spec.selector));
    writer.line(0, `Name:\t${metadata.name}`);
    writer.line(0, `Namespace:\t${metadata.namespace}`);
    writer.line(0, `Selector:\t${selector}`);
    writer.line(0, `Node-Selector:\t${formatLabels(spec.template.spec?.nodeSelector)}`);
    writeLabelsAndAnnotations(writer, metadata);
    writer.line(0, `Desired Number of Nodes Scheduled: ${status.desiredNumberScheduled}`);
    writer.line(0, `Current Number of Nodes Scheduled: ${status.currentNumberScheduled}`);
    writer.line(0, `Number of Nodes Scheduled with Up-to-date Pods: ${status.updatedNumberScheduled ?? 0}`);
    writer.line(0, `Number of Nodes Scheduled with Available Pods: ${status.numberAvailable ?? 0}`);
    writer.line(0, `Number of Nodes Misscheduled: ${status.numberMisscheduled}`);
    writer.line(0, `Pods Status:\t${await podsStatus(set, selector, context)}`);
    writePodTemplate(writer, spec.template);
    await writeEventsOf(set, writer, context);
  },
};
