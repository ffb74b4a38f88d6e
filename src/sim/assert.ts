/** A bug of ours. It stops the simulation loudly; it is never shown to the learner as Kubernetes' error. */
export class AssertionError extends Error {
  override name = 'AssertionError';
}

/** States an invariant. For the world's faults use a StatusError; this is for our own. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new AssertionError(message);
}
