// Upstream: kubectl/pkg/describe/describe.go describeStorageClass, describeVolumeAttributesClass, describeCSINode
import type { CSINode, StorageClass, VolumeAttributesClass } from '#generated/types/storage.v1.ts';
import { isDefaultStorageClass } from '#kubernetes/api/storage/storageClass.ts';
import { formatLabels } from '#kubernetes/apimachinery/labels.ts';
import { eventsAbout, type Describer } from './describer.ts';
import type { DescribeWriter } from './describeWriter.ts';
import { longTime, writeEvents, writeLabelsAndAnnotations } from './fields.ts';

function writeTopologies(
  writer: DescribeWriter,
  topologies: NonNullable<StorageClass['allowedTopologies']>,
): void {
  if (topologies.length === 0) return writer.line(0, 'AllowedTopologies:\t<none>');
  writer.line(0, 'AllowedTopologies:\t');
  for (const [index, { matchLabelExpressions = [] }] of topologies.entries()) {
    const terms = matchLabelExpressions.map(({ key, values }) => `${key} in [${values.join(', ')}]`);
    writer.line(1, `Term ${index}:\t${terms[0] ?? '<none>'}`);
    for (const term of terms.slice(1)) writer.line(1, `\t${term}`);
  }
}

function formatFlag(flag: boolean | undefined): string {
  if (flag === undefined) return '<unset>';
  return flag ? 'True' : 'False';
}

export const describeStorageClass: Describer<StorageClass> = {
  group: 'storage.k8s.io',
  kind: 'StorageClass',
  async describe(storageClass, writer, context) {
    const { metadata, provisioner, parameters, mountOptions = [] } = storageClass;
    writer.line(0, `Name:\t${metadata.name}`);
    writer.line(0, `IsDefaultClass:\t${isDefaultStorageClass(storageClass) ? 'Yes' : 'No'}`);
    writer.line(0, `Annotations:\t${formatLabels(metadata.annotations)}`);
    writer.line(0, `Provisioner:\t${provisioner}`);
    writer.line(0, `Parameters:\t${formatLabels(parameters)}`);
    writer.line(0, `AllowVolumeExpansion:\t${formatFlag(storageClass.allowVolumeExpansion)}`);
    writer.line(0, mountOptions.length === 0 ? 'MountOptions:\t<none>' : 'MountOptions:');
    for (const option of mountOptions) writer.line(1, option);
    writer.line(0, `ReclaimPolicy:\t${storageClass.reclaimPolicy ?? ''}`);
    writer.line(0, `VolumeBindingMode:\t${storageClass.volumeBindingMode ?? ''}`);
    if (storageClass.allowedTopologies) writeTopologies(writer, storageClass.allowedTopologies);
    if (context.showEvents) writeEvents(writer, await eventsAbout(storageClass, context), context.nowMs);
  },
};

export const describeVolumeAttributesClass: Describer<VolumeAttributesClass> = {
  group: 'storage.k8s.io',
  kind: 'VolumeAttributesClass',
  async describe(attributes, writer, context) {
    const { metadata, driverName, parameters } = attributes;
    writer.line(0, `Name:\t${metadata.name}`);
    writer.line(0, `Annotations:\t${formatLabels(metadata.annotations)}`);
    writer.line(0, `DriverName:\t${driverName}`);
    writer.line(0, `Parameters:\t${formatLabels(parameters)}`);
    if (context.showEvents) writeEvents(writer, await eventsAbout(attributes, context), context.nowMs);
  },
};

export const describeCsiNode: Describer<CSINode> = {
  group: 'storage.k8s.io',
  kind: 'CSINode',
  async describe(csiNode, writer, context) {
    const { metadata, spec } = csiNode;
    writer.line(0, `Name:\t${metadata.name}`);
    writeLabelsAndAnnotations(writer, metadata);
    writer.line(0, `CreationTimestamp:\t${longTime(metadata.creationTimestamp)}`);
    writer.line(0, 'Spec:');
    if (spec.drivers.length > 0) writer.line(1, 'Drivers:');
    for (const { name, nodeID, allocatable, topologyKeys } of spec.drivers) {
      writer.line(2, `${name}:`);
      writer.line(3, `Node ID:\t${nodeID}`);
      if (allocatable?.count !== undefined) {
        writer.line(3, 'Allocatables:');
        writer.line(4, `Count:\t${allocatable.count}`);
      }
      if (topologyKeys) writer.line(3, `Topology Keys:\t[${topologyKeys.join(' ')}]`);
    }
    if (context.showEvents) writeEvents(writer, await eventsAbout(csiNode, context), context.nowMs);
  },
};
