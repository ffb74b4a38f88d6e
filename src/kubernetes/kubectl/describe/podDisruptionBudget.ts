// Upstream: kubectl/pkg/describe/describe.go describePodDisruptionBudget
import type { PodDisruptionBudget } from '#generated/types/policy.v1.ts';
import { formatLabelSelector } from '#kubernetes/apimachinery/labels.ts';
import { eventsAbout, type Describer } from './describer.ts';
import { writeEvents } from './fields.ts';

export const describePodDisruptionBudget: Describer<PodDisruptionBudget> = {
  group: 'policy',
  kind: 'PodDisruptionBudget',
  async describe(budget, writer, context) {
    const { metadata, spec, status } = budget;
    writer.line(0, `Name:\t${metadata.name}`);
    writer.line(0, `Namespace:\t${metadata.namespace}`);
    if (spec?.minAvailable !== undefined) writer.line(0, `Min available:\t${spec.minAvailable}`);
    else if (spec?.maxUnavailable !== undefined) writer.line(0, `Max unavailable:\t${spec.maxUnavailable}`);
    writer.line(0, `Selector:\t${spec?.selector ? formatLabelSelector(spec.selector) : '<unset>'}`);
    writer.line(0, 'Status:');
    writer.line(2, `Allowed disruptions:\t${status?.disruptionsAllowed ?? 0}`);
    writer.line(2, `Current:\t${status?.currentHealthy ?? 0}`);
    writer.line(2, `Desired:\t${status?.desiredHealthy ?? 0}`);
    writer.line(2, `Total:\t${status?.expectedPods ?? 0}`);
    if (context.showEvents) writeEvents(writer, await eventsAbout(budget, context), context.nowMs);
  },
};
