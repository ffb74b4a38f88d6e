// Upstream: pkg/scheduler/{extender,schedule_one}.go, kube-scheduler/extender/v1/types.go
import type { NodeList, Pod } from '#generated/types/core.v1.ts';
import { podRequests } from '#kubernetes/api/podRequests.ts';
import { StatusError } from '#kubernetes/apimachinery/statusError.ts';
import type { Extender } from './configuration/configuration.ts';
import type { CallExtender, PodExtenders } from './extenderCalls.ts';
import type { FeasibleNodes } from './feasibleNodes.ts';
import { nodeScoreMax, type Plugin, type Rejection } from './framework.ts';
import type { NodeInfo } from './nodeInfo.ts';
import type { PluginScores } from './schedulePod.ts';

/** What stands for all extenders among the plugins that refused. Upstream: framework.ExtenderName */
const name = 'Extender';
/** The highest score that an extender may give. Upstream: MaxExtenderPriority */
const extenderScoreMax = 10;

interface FilterResult {
  readonly Nodes?: NodeList;
  readonly NodeNames?: readonly string[];
  readonly FailedNodes?: Readonly<Record<string, string>>;
  readonly FailedAndUnresolvableNodes?: Readonly<Record<string, string>>;
  readonly Error?: string;
}

/** Whatever happens may change what an extender says. */
export const extenderPlugin: Plugin = {
  name,
  reads: 'cluster',
  hints: {
    NodeAdd: () => true,
    NodeAllocatableChange: () => true,
    NodeLabelChange: () => true,
    NodeTaintChange: () => true,
    NodeUnschedulableChange: () => true,
    NodeDelete: () => true,
    AssignedPodAdd: () => true,
    AssignedPodLabelChange: () => true,
    AssignedPodScaleDown: () => true,
    AssignedPodDelete: () => true,
    ClaimAdd: () => true,
    ClaimUpdate: () => true,
    VolumeAdd: () => true,
    VolumeUpdate: () => true,
    StorageClassAdd: () => true,
    CsiNodeAdd: () => true,
    CsiNodeUpdate: () => true,
    CapacityAdd: () => true,
    CapacityUpdate: () => true,
    AttachmentDelete: () => true,
    PodLabelChange: () => true,
    PodTolerationChange: () => true,
    PodScaleDown: () => true,
  },
};

/** The servers that a configuration names, which have their say after the filters and with the scores. */
export class HttpExtenders implements PodExtenders {
  readonly #extenders: readonly Extender[];
  readonly #call: CallExtender;
  #elapsedMs = 0;

  constructor(extenders: readonly Extender[], call: CallExtender) {
    this.#extenders = extenders;
    this.#call = call;
  }

  takeElapsedMs(): number {
    const elapsedMs = this.#elapsedMs;
    this.#elapsedMs = 0;
    return elapsedMs;
  }

  filter(pod: Pod, feasible: FeasibleNodes): void {
    for (const extender of this.#extenders) {
      if (feasible.count === 0) return;
      if (!extender.filterVerb || !isInterested(extender, pod)) continue;
      try {
        this.#filterBy(extender, pod, feasible);
      } catch (error) {
        if (extender.ignorable !== true || !(error instanceof StatusError)) throw error;
      }
    }
  }

  score(pod: Pod, feasible: FeasibleNodes, totals: Int32Array): PluginScores[] {
    return this.#extenders.flatMap((extender) => {
      if (!extender.prioritizeVerb || !isInterested(extender, pod)) return [];
      const scores = this.#scoresBy(extender, pod, feasible);
      if (scores === null) return [];
      const { weight, urlPrefix } = extender;
      for (let i = 0; i < feasible.count; i++) totals[i]! += weight * scores[i]!;
      const copy: PluginScores['copy'] = (indexes, into, at) => {
        for (let i = 0; i < indexes.length; i++) into[at + i] = scores[indexes[i]!]!;
      };
      return [{ name: `${name} ${urlPrefix}`, weight, copy }];
    });
  }

  bind(pod: Pod, nodeName: string): boolean {
    const binder = this.#extenders.find(({ bindVerb }) => bindVerb);
    if (binder === undefined || !isInterested(binder, pod)) return false;
    const { name: podName, namespace: podNamespace, uid } = pod.metadata;
    const body = { PodName: podName, PodNamespace: podNamespace, PodUID: uid, Node: nodeName };
    const { Error: error } = this.#post(binder, binder.bindVerb!, body) as { readonly Error?: string };
    if (error) throw failed(error);
    return true;
  }

  #filterBy(extender: Extender, pod: Pod, feasible: FeasibleNodes): void {
    const result = this.#post(
      extender,
      extender.filterVerb!,
      argsFor(extender, pod, feasible),
    ) as FilterResult;
    if (result.Error) throw failed(result.Error);
    const { FailedNodes = {}, FailedAndUnresolvableNodes = {} } = result;
    const names =
      extender.nodeCacheCapable && result.NodeNames
        ? result.NodeNames
        : (result.Nodes?.items ?? []).map(({ metadata }) => metadata.name);
    const passed = new Set(names);
    feasible.retain(({ name: node }): Rejection | null => {
      const never = FailedAndUnresolvableNodes[node];
      if (never !== undefined) return { plugin: name, reasons: [never], isResolvable: false };
      const why = FailedNodes[node];
      if (why !== undefined) return { plugin: name, reasons: [why], isResolvable: true };
      return passed.has(node) ? null : { plugin: name, reasons: [], isResolvable: false };
    });
  }

  /** Scores from 0 to 100; null where the extender gives none. */
  #scoresBy(extender: Extender, pod: Pod, feasible: FeasibleNodes): Int32Array | null {
    let answer: unknown;
    try {
      answer = this.#post(extender, extender.prioritizeVerb!, argsFor(extender, pod, feasible));
    } catch (error) {
      if (error instanceof StatusError) return null;
      throw error;
    }
    const list = (Array.isArray(answer) ? answer : []) as readonly { Host?: string; Score?: unknown }[];
    const byHost = new Map(list.map(({ Host = '', Score = 0 }) => [Host, Math.trunc(Number(Score)) || 0]));
    const scores = new Int32Array(feasible.count);
    for (let i = 0; i < feasible.count; i++)
      scores[i] = (byHost.get(feasible.node(i).name) ?? 0) * (nodeScoreMax / extenderScoreMax);
    return scores;
  }

  /** The JSON that an extender answers. Throws StatusError. */
  #post({ urlPrefix, httpTimeoutMs }: Extender, verb: string, body: unknown): unknown {
    const url = `${urlPrefix.replace(/\/+$/, '')}/${verb}`;
    const answer = this.#call(url, JSON.stringify(body), httpTimeoutMs);
    this.#elapsedMs += answer.latencyMs;
    if ('error' in answer) throw failed(`Post "${url}": ${answer.error}`);
    if (answer.status !== 200)
      throw failed(`failed ${verb} with extender at URL ${url}, code ${answer.status}`);
    try {
      return withGoNames(JSON.parse(answer.body));
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      throw failed(`invalid character in the answer of the extender at URL ${url}`);
    }
  }
}

function failed(message: string): StatusError {
  return new StatusError('InternalError', message);
}

/** Go's decoder takes keys in any case; the types have no tags, so they are written as their fields are. */
function withGoNames(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withGoNames);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [
      goNames.find((known) => known.toLowerCase() === key.toLowerCase()) ?? key,
      entry as unknown,
    ]),
  );
}

const goNames = ['Nodes', 'NodeNames', 'FailedNodes', 'FailedAndUnresolvableNodes', 'Error', 'Host', 'Score'];

/** Whether a pod asks for what an extender manages; one that manages nothing in particular sees every pod. */
function isInterested({ managedResources = [] }: Extender, { spec }: Pod): boolean {
  if (managedResources.length === 0) return true;
  const { requests } = podRequests(spec);
  return managedResources.some(({ name: resource }) => resource in requests);
}

function argsFor({ nodeCacheCapable }: Extender, pod: Pod, feasible: FeasibleNodes): unknown {
  const nodes: NodeInfo[] = [];
  for (let i = 0; i < feasible.count; i++) nodes.push(feasible.node(i));
  if (nodeCacheCapable) return { Pod: pod, Nodes: null, NodeNames: nodes.map((node) => node.name) };
  return { Pod: pod, Nodes: { metadata: {}, items: nodes.map(({ node }) => node) }, NodeNames: null };
}
