/** Why a metric says nothing, with the reason that its condition and its Event give. */
export class MetricFailure extends Error {
  override name = 'MetricFailure';
  readonly reason: string;
  /** The sentence of the condition. */
  readonly condition: string;

  constructor(reason: string, condition: string, message = condition) {
    super(message);
    this.reason = reason;
    this.condition = condition;
  }
}
