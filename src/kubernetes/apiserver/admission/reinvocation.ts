// Upstream: apiserver/pkg/admission/reinvocation.go, apiserver/pkg/admission/plugin/webhook/mutating/reinvocationcontext.go
import type { KubeObject } from '#kubernetes/api/object.ts';
import type { AdmissionPlugin, AdmissionRequest, ServerContext } from '../context.ts';

/** Who was asked about one request, and what the object was like afterwards: some want to be asked again. */
class Reinvocation {
  #round = 0;
  /** By policy or webhook: what it left behind, if it is to be asked again when that changes. */
  readonly #left = new Map<object, KubeObject>();

  /** Whether it is to be asked now: all in the first round, then those that asked for it and whose work was changed. */
  isDue(who: object, object: KubeObject, policy: string | undefined): boolean {
    if (this.#round === 0) return true;
    const left = this.#left.get(who);
    return policy === 'IfNeeded' && left !== undefined && left !== object;
  }

  remember(who: object, object: KubeObject, policy: string | undefined): void {
    if (policy === 'IfNeeded') this.#left.set(who, object);
  }

  /** True once, when the work of somebody who wants to know was changed by others. */
  begins(object: KubeObject): boolean {
    if (this.#round > 0) return false;
    this.#round++;
    return [...this.#left.values()].some((left) => left !== object);
  }
}

const reinvocations = new WeakMap<AdmissionRequest, Reinvocation>();

export function reinvocationOf(request: AdmissionRequest): Reinvocation {
  let known = reinvocations.get(request);
  if (known === undefined) {
    known = new Reinvocation();
    reinvocations.set(request, known);
  }
  return known;
}

/** Hands an object through the plugins that may change it; once more, when one of them wants to see what others did. */
export function admit(
  object: KubeObject,
  request: AdmissionRequest,
  context: ServerContext,
  plugins: readonly AdmissionPlugin[],
): KubeObject {
  let next = object;
  for (const plugin of plugins) next = plugin.admit!(next, request, context);
  if (reinvocations.get(request)?.begins(next) !== true) return next;
  for (const plugin of plugins) next = plugin.admit!(next, request, context);
  return next;
}
