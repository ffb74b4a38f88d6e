// Upstream: kubectl/pkg/describe/describe.go describePersistentVolume, describePersistentVolumeClaim
import type {
  NodeSelectorTerm,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  Volume,
} from '#generated/types/core.v1.ts';
import { formatAccessModes, storageClassAnnotation } from '#kubernetes/api/persistentVolumes.ts';
import { canonicalQuantity } from '#kubernetes/apimachinery/quantity.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import { eventsAbout, type DescribeContext, type Describer } from './describer.ts';
import type { DescribeWriter } from './describeWriter.ts';
import { longTime, since, writeEvents, writeLabelsAndAnnotations, writeList } from './fields.ts';
import { writeSource } from './volumes.ts';

function classOf({ metadata }: KubeObject, name: string | undefined): string {
  return metadata.annotations?.[storageClassAnnotation] ?? name ?? '';
}

function writeStatus(
  writer: DescribeWriter,
  { metadata }: KubeObject,
  phase: string | undefined,
  { nowMs }: DescribeContext,
): void {
  const { deletionTimestamp } = metadata;
  const text = deletionTimestamp ? `Terminating (lasts ${since(deletionTimestamp, nowMs)})` : (phase ?? '');
  writer.line(0, `Status:\t${text}`);
}

function writeFinalizers(writer: DescribeWriter, { metadata }: KubeObject): void {
  writer.line(0, `Finalizers:\t[${(metadata.finalizers ?? []).join(' ')}]`);
}

function storageOf(amounts: Readonly<Record<string, string | number>> | undefined): string {
  return canonicalQuantity(amounts?.['storage'] ?? '0');
}

function writeNodeAffinity(writer: DescribeWriter, terms: readonly NodeSelectorTerm[] | undefined): void {
  if (terms === undefined) return writer.line(0, 'Node Affinity:\t<none>');
  writer.line(0, 'Node Affinity:\t');
  writer.line(1, `Required Terms:\t${terms.length === 0 ? '<none>' : ''}`);
  for (const [index, { matchExpressions = [] }] of terms.entries()) {
    const lines = matchExpressions.map(({ key, operator, values = [] }) => {
      const among = values.length > 0 ? ` [${values.join(', ')}]` : '';
      return `${key} ${operator.toLowerCase()}${among}`;
    });
    writeList(writer, `Term ${index}`, lines, 2);
  }
}

export const describePersistentVolume: Describer<PersistentVolume> = {
  group: '',
  kind: 'PersistentVolume',
  async describe(volume, writer, context) {
    const { metadata, spec, status } = volume;
    writer.line(0, `Name:\t${metadata.name}`);
    writeLabelsAndAnnotations(writer, metadata);
    writeFinalizers(writer, volume);
    writer.line(0, `StorageClass:\t${classOf(volume, spec.storageClassName)}`);
    writeStatus(writer, volume, status?.phase, context);
    const claim = spec.claimRef;
    writer.line(0, `Claim:\t${claim ? `${claim.namespace ?? ''}/${claim.name ?? ''}` : ''}`);
    writer.line(0, `Reclaim Policy:\t${spec.persistentVolumeReclaimPolicy ?? ''}`);
    writer.line(0, `Access Modes:\t${formatAccessModes(spec.accessModes)}`);
    if (spec.volumeMode !== undefined) writer.line(0, `VolumeMode:\t${spec.volumeMode}`);
    writer.line(0, `Capacity:\t${storageOf(spec.capacity)}`);
    writeNodeAffinity(writer, spec.nodeAffinity?.required?.nodeSelectorTerms);
    writer.line(0, `Message:\t${status?.message ?? ''}`);
    writer.line(0, 'Source:');
    writeSource(writer, spec as unknown as Volume);
    if (context.showEvents) writeEvents(writer, await eventsAbout(volume, context), context.nowMs);
  },
};

function uses({ metadata, spec }: Pod, claim: string): boolean {
  return (spec.volumes ?? []).some(({ name, persistentVolumeClaim, ephemeral }) =>
    ephemeral ? `${metadata.name}-${name}` === claim : persistentVolumeClaim?.claimName === claim,
  );
}

async function usersOf(
  { metadata }: PersistentVolumeClaim,
  { invocation }: DescribeContext,
): Promise<string[]> {
  const pods = (await invocation.mapper()).get('', 'pods');
  const { items } = await invocation.client.list<Pod>(pods, metadata.namespace ?? '');
  return items.filter((pod) => uses(pod, metadata.name)).map((pod) => pod.metadata.name);
}

function writeClaimConditions(writer: DescribeWriter, { status }: PersistentVolumeClaim): void {
  if (!status?.conditions?.length) return;
  writer.line(0, 'Conditions:');
  writer.line(1, 'Type\tStatus\tLastProbeTime\tLastTransitionTime\tReason\tMessage');
  writer.line(1, '----\t------\t-----------------\t------------------\t------\t-------');
  for (const condition of status.conditions) {
    const { type, status: value, lastProbeTime, lastTransitionTime, reason = '', message = '' } = condition;
    const times = `${longTime(lastProbeTime)} \t${longTime(lastTransitionTime)}`;
    writer.line(1, `${type} \t${value} \t${times} \t${reason} \t${message}`);
  }
}

export const describePersistentVolumeClaim: Describer<PersistentVolumeClaim> = {
  group: '',
  kind: 'PersistentVolumeClaim',
  async describe(claim, writer, context) {
    const { metadata, spec, status } = claim;
    writer.line(0, `Name:\t${metadata.name}`);
    writer.line(0, `Namespace:\t${metadata.namespace}`);
    writer.line(0, `StorageClass:\t${classOf(claim, spec.storageClassName)}`);
    writeStatus(writer, claim, status?.phase, context);
    writer.line(0, `Volume:\t${spec.volumeName ?? ''}`);
    writeLabelsAndAnnotations(writer, metadata);
    writeFinalizers(writer, claim);
    const isBound = Boolean(spec.volumeName);
    writer.line(0, `Capacity:\t${isBound ? storageOf(status?.capacity) : ''}`);
    writer.line(0, `Access Modes:\t${isBound ? formatAccessModes(status?.accessModes) : ''}`);
    if (spec.volumeMode !== undefined) writer.line(0, `VolumeMode:\t${spec.volumeMode}`);
    const source = spec.dataSource;
    if (source) {
      writer.line(0, 'DataSource:');
      if (source.apiGroup !== undefined) writer.line(1, `APIGroup:\t${source.apiGroup}`);
      writer.line(1, `Kind:\t${source.kind}`);
      writer.line(1, `Name:\t${source.name}`);
    }
    writeList(writer, 'Used By', await usersOf(claim, context));
    writeClaimConditions(writer, claim);
    if (context.showEvents) writeEvents(writer, await eventsAbout(claim, context), context.nowMs);
  },
};
