import type { MetricStatus } from '#generated/types/autoscaling.v2.ts';

/** Why a metric says nothing, with the reason that its condition and its Event give. */
export class MetricFailure extends Error {
  override name = 'MetricFailure';
  readonly reason: string;
  /** The sentence of the condition. */
  readonly condition: string;
  /** Of each metric, what is known all the same; undefined where none was asked. */
  readonly statuses: readonly MetricStatus[] | undefined;

  constructor(reason: string, condition: string, message = condition, statuses?: readonly MetricStatus[]) {
    super(message);
    this.reason = reason;
    this.condition = condition;
    this.statuses = statuses;
  }
}
