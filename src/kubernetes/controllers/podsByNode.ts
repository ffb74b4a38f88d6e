import type { Pod } from '#generated/types/core.v1.ts';
import type { Informer } from '#kubernetes/client/informer.ts';

const indexName = 'node';

/** Files pods under the node that they are bound to. */
export function indexPodsByNode(informer: Informer<Pod>): void {
  informer.addIndex(indexName, ({ spec }) => (spec.nodeName ? [spec.nodeName] : []));
}

/** The pods bound to a node, by the index of `indexPodsByNode`. */
export function podsOnNode(informer: Informer<Pod>, node: string): Iterable<Pod> {
  return informer.by(indexName, node);
}
