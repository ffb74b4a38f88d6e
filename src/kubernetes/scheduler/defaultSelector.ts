// Upstream: pkg/scheduler/framework/plugins/helper/spread.go DefaultSelector
import type { ReplicaSet } from '#generated/types/apps.v1.ts';
import type { Pod, Service } from '#generated/types/core.v1.ts';
import { replicaSets } from '#kubernetes/api/apps/replicaSet.ts';
import { services } from '#kubernetes/api/core/service.ts';
import {
  everything,
  matches,
  Selector,
  selectorFromSet,
  selectorOf,
  sortRequirements,
} from '#kubernetes/apimachinery/labels.ts';
import type { Informer, Informers } from '#kubernetes/client/informer.ts';

/** Selectors are remembered for so many sets of labels. */
const selectorsMax = 1024;
const byNamespace = 'namespace';

/** Which pods a pod belongs together with: by the Services that select it and the ReplicaSet that made it. */
export class DefaultSelectors {
  readonly #services: Informer<Service>;
  readonly #replicaSets: Informer<ReplicaSet>;
  /** By labels and owner; forgotten whenever a Service changes. */
  #remembered = new Map<string, Selector>();

  constructor(informers: Informers) {
    this.#services = informers.of(services);
    this.#services.addIndex(byNamespace, ({ metadata }) => [metadata.namespace ?? '']);
    this.#services.onChange((now, before) => {
      if (now?.spec !== before?.spec) this.#remembered.clear();
    });
    this.#replicaSets = informers.of(replicaSets);
  }

  /** Empty where the pod belongs to nothing that is known. */
  of(pod: Pod): Selector {
    const { namespace = '', labels, ownerReferences } = pod.metadata;
    const owner = ownerReferences?.find(({ controller }) => controller);
    const replicaSet =
      owner?.kind === 'ReplicaSet' ? this.#replicaSets.get(`${namespace}/${owner.name}`) : undefined;
    const key = `${namespace}\n${replicaSet?.metadata.uid ?? ''}\n${JSON.stringify(labels)}`;
    let selector = this.#remembered.get(key);
    if (selector === undefined) {
      selector = this.#merge(pod, replicaSet);
      if (this.#remembered.size >= selectorsMax) this.#remembered.clear();
      this.#remembered.set(key, selector);
    }
    return selector;
  }

  #merge({ metadata }: Pod, replicaSet: ReplicaSet | undefined): Selector {
    const set: Record<string, string> = {};
    for (const { spec } of this.#services.by(byNamespace, metadata.namespace ?? ''))
      if (spec.selector !== undefined && matches(spec.selector, metadata.labels))
        Object.assign(set, spec.selector);
    const requirements = [
      ...selectorFromSet(set).requirements,
      ...(replicaSet === undefined ? [] : selectorOf(replicaSet.spec.selector).requirements),
    ];
    return requirements.length === 0 ? everything : new Selector(sortRequirements(requirements));
  }
}
