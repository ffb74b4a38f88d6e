// Upstream: kubectl/pkg/describe/describe.go describeHorizontalPodAutoscalerV2
import type {
  HorizontalPodAutoscaler,
  HPAScalingRules,
  MetricSpec,
  MetricStatus,
} from '#generated/types/autoscaling.v2.ts';
import { canonicalQuantity } from '#kubernetes/apimachinery/quantity.ts';
import { eventsAbout, type Describer } from './describer.ts';
import type { DescribeWriter } from './describeWriter.ts';
import { longTime, writeEvents, writeLabelsAndAnnotations } from './fields.ts';

const unknown = '<unknown>';

const amount = (value: string | number | undefined, unset = unknown) =>
  value === undefined ? unset : canonicalQuantity(value);

/** Utilization of a resource: `63% (63m) / 50%`. */
function resourceLine(
  subject: string,
  target: NonNullable<MetricSpec['resource']>['target'],
  current: NonNullable<MetricStatus['resource']>['current'] | undefined,
): string {
  if (target.averageValue !== undefined)
    return `${subject}:\t${amount(current?.averageValue)} / ${amount(target.averageValue)}`;
  const used =
    current?.averageUtilization === undefined
      ? unknown
      : `${current.averageUtilization}% (${amount(current.averageValue, '0')})`;
  const wanted = target.averageUtilization === undefined ? '<auto>' : `${target.averageUtilization}%`;
  return `${subject}  (as a percentage of request):\t${used} / ${wanted}`;
}

function metricLine(
  { type, resource, containerResource, pods, object, external }: MetricSpec,
  status: MetricStatus | undefined,
): string {
  if (resource)
    return resourceLine(`resource ${resource.name} on pods`, resource.target, status?.resource?.current);
  if (containerResource) {
    const { name, container, target } = containerResource;
    return resourceLine(
      `resource ${name} of container "${container}" on pods`,
      target,
      status?.containerResource?.current,
    );
  }
  if (pods) {
    return `${JSON.stringify(pods.metric.name)} on pods:\t${amount(status?.pods?.current.averageValue)} / ${amount(pods.target.averageValue)}`;
  }
  const source = object ?? external;
  if (!source) return `<unknown metric type ${JSON.stringify(type)}>`;
  const current = (object ? status?.object : status?.external)?.current;
  const where = object ? ` on ${object.describedObject.kind}/${object.describedObject.name}` : '';
  const average = source.target.averageValue !== undefined;
  const pair = average
    ? `${amount(current?.averageValue)} / ${amount(source.target.averageValue)}`
    : `${amount(current?.value)} / ${amount(source.target.value)}`;
  return `${JSON.stringify(source.metric.name)}${where} (target ${average ? 'average ' : ''}value):\t${pair}`;
}

function writeBehavior(writer: DescribeWriter, direction: string, rules: HPAScalingRules | undefined): void {
  if (!rules) return;
  writer.line(1, `${direction}:`);
  if (rules.stabilizationWindowSeconds !== undefined)
    writer.line(2, `Stabilization Window: ${rules.stabilizationWindowSeconds} seconds`);
  if (!rules.policies?.length) return;
  writer.line(2, `Select Policy: ${rules.selectPolicy ?? 'Max'}`);
  writer.line(2, 'Policies:');
  for (const { type, value, periodSeconds } of rules.policies)
    writer.line(3, `- Type: ${type}\tValue: ${value}\tPeriod: ${periodSeconds} seconds`);
}

export const describeHorizontalPodAutoscaler: Describer<HorizontalPodAutoscaler> = {
  group: 'autoscaling',
  kind: 'HorizontalPodAutoscaler',
  async describe(autoscaler, writer, context) {
    const { metadata, spec, status } = autoscaler;
    const { kind, name } = spec.scaleTargetRef;
    writer.line(0, `Name:\t${metadata.name}`);
    writer.line(0, `Namespace:\t${metadata.namespace}`);
    writeLabelsAndAnnotations(writer, metadata);
    writer.line(0, `CreationTimestamp:\t${longTime(metadata.creationTimestamp)}`);
    writer.line(0, `Reference:\t${kind}/${name}`);
    writer.line(0, 'Metrics:\t( current / target )');
    (spec.metrics ?? []).forEach((metric, i) =>
      writer.line(1, metricLine(metric, status?.currentMetrics?.[i])),
    );
    writer.line(0, `Min replicas:\t${spec.minReplicas ?? '<unset>'}`);
    writer.line(0, `Max replicas:\t${spec.maxReplicas}`);
    if (spec.behavior) {
      writer.line(0, 'Behavior:');
      writeBehavior(writer, 'Scale Up', spec.behavior.scaleUp);
      writeBehavior(writer, 'Scale Down', spec.behavior.scaleDown);
    }
    writer.line(
      0,
      `${kind} pods:\t${status?.currentReplicas ?? 0} current / ${status?.desiredReplicas ?? 0} desired`,
    );
    if (status?.conditions?.length) {
      writer.line(0, 'Conditions:');
      writer.line(1, 'Type\tStatus\tReason\tMessage');
      writer.line(1, '----\t------\t------\t-------');
      for (const condition of status.conditions) {
        writer.line(
          1,
          `${condition.type}\t${condition.status}\t${condition.reason ?? ''}\t${condition.message ?? ''}`,
        );
      }
    }
    if (context.showEvents) writeEvents(writer, await eventsAbout(autoscaler, context), context.nowMs);
  },
};
