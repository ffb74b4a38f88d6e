// Upstream: kubectl/pkg/describe/describe.go DescribePodTemplate
import type { Pod, PodSpec, PodTemplateSpec, Toleration } from '#generated/types/core.v1.ts';
import { formatLabelSelector } from '#kubernetes/apimachinery/labels.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import { writeContainers } from './containers.ts';
import type { DescribeContext } from './describer.ts';
import type { DescribeWriter } from './describeWriter.ts';
import { writeAnnotations, writeList, writeMap } from './fields.ts';
import { writeVolumes } from './volumes.ts';

function tolerationText({ key, value, operator, effect, tolerationSeconds }: Toleration): string {
  const named = (key ?? '') + (value ? `=${value}` : '') + (effect ? `:${effect}` : '');
  const all = named === '' ? 'op=Exists' : named + (operator === 'Exists' && !value ? ' op=Exists' : '');
  return all + (tolerationSeconds === undefined ? '' : ` for ${tolerationSeconds}s`);
}

export function writeTolerations(
  writer: DescribeWriter,
  tolerations: readonly Toleration[] = [],
  title = 'Tolerations',
): void {
  const sorted = [...tolerations].sort((a, b) =>
    (a.key ?? '') < (b.key ?? '') ? -1 : (a.key ?? '') > (b.key ?? '') ? 1 : 0,
  );
  writeList(writer, title, sorted.map(tolerationText));
}

export function writeSpread(
  writer: DescribeWriter,
  { topologySpreadConstraints = [] }: PodSpec,
  indent = '',
): void {
  const sorted = [...topologySpreadConstraints].sort((a, b) => (a.topologyKey < b.topologyKey ? -1 : 1));
  sorted.forEach((constraint, i) => {
    const selector = constraint.labelSelector
      ? ` for selector ${formatLabelSelector(constraint.labelSelector)}`
      : '';
    const text = `${constraint.topologyKey}:${constraint.whenUnsatisfiable} when max skew ${constraint.maxSkew} is exceeded${selector}`;
    writer.line(0, `${indent}${i === 0 ? 'Topology Spread Constraints:' : ''}\t${text}`);
  });
}

/** The template that a workload makes its pods from. */
export function writePodTemplate(writer: DescribeWriter, { metadata, spec }: PodTemplateSpec): void {
  const indent = '  ';
  writer.line(0, 'Pod Template:');
  writeMap(writer, '  Labels', metadata?.labels);
  if (Object.keys(metadata?.annotations ?? {}).length > 0)
    writeAnnotations(writer, metadata!, '  Annotations');
  if (!spec) return;
  if (spec.serviceAccountName) writer.line(1, `Service Account:\t${spec.serviceAccountName}`);
  if (spec.initContainers?.length)
    writeContainers(writer, 'Init Containers', spec.initContainers, { indent });
  writeContainers(writer, 'Containers', spec.containers, { indent });
  writeVolumes(writer, spec.volumes, indent);
  writeSpread(writer, spec, indent);
  if (spec.priorityClassName) writer.line(1, `Priority Class Name:\t${spec.priorityClassName}`);
  writeMap(writer, '  Node-Selectors', spec.nodeSelector);
  writeTolerations(writer, spec.tolerations, '  Tolerations');
}

/** `2 Running / 0 Waiting / 0 Succeeded / 0 Failed` of the pods that an object controls. */
export async function podsStatus(
  owner: KubeObject,
  labelSelector: string,
  { invocation }: DescribeContext,
): Promise<string> {
  const pods = (await invocation.mapper()).get('', 'pods');
  const { items } = await invocation.client.list<Pod>(pods, owner.metadata.namespace ?? '', {
    labelSelector,
  });
  const own = items.filter((pod) =>
    pod.metadata.ownerReferences?.some((one) => one.controller && one.uid === owner.metadata.uid),
  );
  const count = (phase: string) => own.filter((pod) => pod.status.phase === phase).length;
  return `${count('Running')} Running / ${count('Pending')} Waiting / ${count('Succeeded')} Succeeded / ${count('Failed')} Failed`;
}

/** The conditions of a workload: type, status, reason. */
export function writeConditions(
  writer: DescribeWriter,
  conditions: readonly { type: string; status: string; reason?: string }[] = [],
): void {
  if (conditions.length === 0) return;
  writer.line(0, 'Conditions:\n  Type\tStatus\tReason');
  writer.line(1, '----\t------\t------');
  for (const { type, status, reason } of conditions) writer.line(1, `${type} \t${status}\t${reason ?? ''}`);
}
