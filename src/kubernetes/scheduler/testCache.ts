import type { Node, Pod } from '#generated/types/core.v1.ts';
import { everything, type Labels, type Selector } from '#kubernetes/apimachinery/labels.ts';
import { Cache } from './cache.ts';
import { FeasibleNodes } from './feasibleNodes.ts';
import { isRejection, type Plugin } from './framework.ts';
import { PodGroups } from './podGroups.ts';
import { Topologies } from './topology.ts';

/** A cache with these nodes and bound pods, and what plugins that read it need. */
export class TestCache {
  readonly cache = new Cache();
  readonly groups = new PodGroups();
  readonly topologies = new Topologies(this.cache);
  /** Labels of namespaces by name. */
  readonly namespaces: Record<string, Labels> = {};
  /** What pods without constraints of their own are spread by. */
  defaultSelector: Selector = everything;

  constructor(nodes: readonly Node[], pods: readonly Pod[] = []) {
    this.cache.observe(this.groups);
    for (const node of nodes) this.cache.setNode(node);
    for (const pod of pods) this.cache.setPod(pod);
  }

  selectorOf = (): Selector => this.defaultSelector;

  namespaceLabels = (name: string): Labels => this.namespaces[name] ?? {};

  /** What a plugin says to a pod, by node: its reason, or `fits`. */
  filter(plugin: Plugin, pod: Pod): Record<string, string> {
    const result = plugin.preFilter?.(pod) ?? null;
    return Object.fromEntries(
      this.cache.order.map((node) => {
        if (result === null) return [node.name, 'fits'];
        const refusal = isRejection(result) ? result : result.filter(node);
        return [node.name, refusal?.reasons.join(', ') ?? 'fits'];
      }),
    );
  }

  /** A plugin's normalized scores by node; null where it has nothing to say. */
  score(plugin: Plugin, pod: Pod, among?: readonly string[]): Record<string, number> | null {
    const nodes = this.cache.order.filter(({ name }) => among?.includes(name) ?? true);
    const feasible = new FeasibleNodes(this.cache);
    feasible.clear();
    for (const { slot } of nodes) feasible.add(slot);
    const scorer = plugin.preScore?.(pod, feasible) ?? null;
    if (scorer === null) return null;
    const scores = Int32Array.from(nodes, (node) => scorer.score(node));
    scorer.scoreAll?.(feasible, scores);
    scorer.normalize?.(scores, nodes.length);
    return Object.fromEntries(nodes.map((node, i) => [node.name, scores[i]!]));
  }
}
