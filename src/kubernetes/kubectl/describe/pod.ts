// Upstream: kubectl/pkg/describe/describe.go describePod
import type { Pod } from '#generated/types/core.v1.ts';
import { qosClass } from '#kubernetes/api/podResources.ts';
import { writeContainers } from './containers.ts';
import { eventsAbout, type DescribeContext, type Describer } from './describer.ts';
import type { DescribeWriter } from './describeWriter.ts';
import { controllerOf, longTime, since, writeEvents, writeLabelsAndAnnotations, writeMap } from './fields.ts';
import { writeSpread, writeTolerations } from './podTemplate.ts';
import { writeVolumes } from './volumes.ts';

const mirrorAnnotation = 'kubernetes.io/config.mirror';

export const describePod: Describer<Pod> = {
  group: '',
  kind: 'Pod',
  async describe(pod, writer, context) {
    writeIdentity(pod, writer, context);
    const { spec, status } = pod;
    if (spec.initContainers?.length) {
      writeContainers(writer, 'Init Containers', spec.initContainers, {
        statuses: status.initContainerStatuses ?? [],
        pod,
      });
    }
    writeContainers(writer, 'Containers', spec.containers, { statuses: status.containerStatuses ?? [], pod });
    if (spec.ephemeralContainers?.length) {
      writeContainers(writer, 'Ephemeral Containers', spec.ephemeralContainers, {
        statuses: status.ephemeralContainerStatuses ?? [],
        pod,
      });
    }
    writeConditions(pod, writer);
    writeVolumes(writer, spec.volumes);
    writer.line(0, `QoS Class:\t${status.qosClass ?? qosClass(spec)}`);
    writeMap(writer, 'Node-Selectors', spec.nodeSelector);
    writeTolerations(writer, spec.tolerations);
    writeSpread(writer, spec);
    if (context.showEvents) {
      const uid = pod.metadata.annotations?.[mirrorAnnotation] ?? pod.metadata.uid;
      writeEvents(writer, await eventsAbout({ metadata: pod.metadata }, context, uid), context.nowMs);
    }
  },
};

function writeIdentity(
  { metadata, spec, status }: Pod,
  writer: DescribeWriter,
  { nowMs }: DescribeContext,
): void {
  writer.line(0, `Name:\t${metadata.name}`);
  writer.line(0, `Namespace:\t${metadata.namespace}`);
  if (spec.priority !== undefined) writer.line(0, `Priority:\t${spec.priority}`);
  if (spec.priorityClassName) writer.line(0, `Priority Class Name:\t${spec.priorityClassName}`);
  if (spec.runtimeClassName) writer.line(0, `Runtime Class Name:\t${spec.runtimeClassName}`);
  if (spec.serviceAccountName) writer.line(0, `Service Account:\t${spec.serviceAccountName}`);
  writer.line(0, `Node:\t${spec.nodeName ? `${spec.nodeName}/${status.hostIP ?? ''}` : '<none>'}`);
  if (status.startTime) writer.line(0, `Start Time:\t${longTime(status.startTime)}`);
  writeLabelsAndAnnotations(writer, metadata);
  if (metadata.deletionTimestamp && status.phase !== 'Failed' && status.phase !== 'Succeeded') {
    writer.line(0, `Status:\tTerminating (lasts ${since(metadata.deletionTimestamp, nowMs)})`);
    writer.line(0, `Termination Grace Period:\t${metadata.deletionGracePeriodSeconds ?? 0}s`);
  } else writer.line(0, `Status:\t${status.phase ?? ''}`);
  if (status.reason) writer.line(0, `Reason:\t${status.reason}`);
  if (status.message) writer.line(0, `Message:\t${status.message}`);
  const profile = spec.securityContext?.seccompProfile;
  if (profile) writer.line(0, `SeccompProfile:\t${profile.type}`);
  writer.line(0, `IP:\t${status.podIP ?? ''}`);
  const ips = status.podIPs ?? [];
  writer.line(0, ips.length === 0 ? 'IPs:\t<none>' : 'IPs:');
  for (const { ip } of ips) writer.line(1, `IP:\t${ip}`);
  const controller = controllerOf(metadata);
  if (controller) writer.line(0, `Controlled By:\t${controller}`);
  if (status.nominatedNodeName) writer.line(0, `NominatedNodeName:\t${status.nominatedNodeName}`);
}

function writeConditions({ spec, status }: Pod, writer: DescribeWriter): void {
  const conditions = status.conditions ?? [];
  if (spec.readinessGates?.length) {
    writer.line(0, 'Readiness Gates:\n  Type\tStatus');
    for (const { conditionType } of spec.readinessGates) {
      const found = conditions.find(({ type }) => type === conditionType);
      writer.line(1, `${conditionType} \t${found?.status ?? '<none>'} `);
    }
  }
  if (conditions.length === 0) return;
  writer.line(0, 'Conditions:\n  Type\tStatus');
  for (const { type, status: value } of conditions) writer.line(1, `${type} \t${value} `);
}
