// Upstream: kube-scheduler/config/v1/{types,types_pluginargs}.go
import type { NodeAffinity, TopologySpreadConstraint } from '#generated/types/core.v1.ts';
import type { ResourceWeight } from '../resourceScores.ts';
import type { ShapePoint } from '../scoringStrategies.ts';

/** Where plugins can be enabled and disabled, in the order in which a pod meets them. */
export const extensionPoints = [
  'preEnqueue',
  'queueSort',
  'preFilter',
  'filter',
  'postFilter',
  'preScore',
  'score',
  'reserve',
  'permit',
  'preBind',
  'bind',
  'postBind',
] as const;
export type ExtensionPoint = (typeof extensionPoints)[number];

/** A plugin by its name; `weight` 0 or none is that of its kind. */
export interface PluginEntry {
  readonly name: string;
  readonly weight?: number;
}

export interface PluginSet {
  readonly enabled?: readonly PluginEntry[];
  readonly disabled?: readonly PluginEntry[];
}

/** What plugins can be told. All have their defaults filled in. */
export interface PluginArgs {
  readonly NodeResourcesFit: {
    readonly ignoredResources?: readonly string[];
    readonly ignoredResourceGroups?: readonly string[];
    readonly scoringStrategy: {
      readonly type: string;
      readonly resources: readonly ResourceWeight[];
      readonly requestedToCapacityRatio?: { readonly shape: readonly ShapePoint[] };
    };
  };
  readonly NodeResourcesBalancedAllocation: { readonly resources: readonly ResourceWeight[] };
  readonly InterPodAffinity: {
    readonly hardPodAffinityWeight: number;
    readonly ignorePreferredTermsOfExistingPods?: boolean;
  };
  readonly NodeAffinity: { readonly addedAffinity?: NodeAffinity };
  readonly PodTopologySpread: {
    readonly defaultConstraints?: readonly TopologySpreadConstraint[];
    readonly defaultingType: string;
  };
  readonly DefaultPreemption: {
    readonly minCandidateNodesPercentage: number;
    readonly minCandidateNodesAbsolute: number;
  };
  readonly VolumeBinding: { readonly bindTimeoutSeconds: number };
}

export interface PluginConfig {
  readonly name: string;
  readonly args: unknown;
}

/** One of the schedulers that a process is: pods choose it by `spec.schedulerName`. */
export interface SchedulerProfile {
  readonly schedulerName: string;
  readonly percentageOfNodesToScore?: number;
  readonly plugins?: Partial<Readonly<Record<ExtensionPoint | 'multiPoint', PluginSet>>>;
  readonly pluginConfig: readonly PluginConfig[];
}

/** A server that has a say in where pods go. */
export interface Extender {
  /** `http://10.96.0.100/scheduler`. */
  readonly urlPrefix: string;
  /** What is appended to it for each question; absent where it is not asked. */
  readonly filterVerb?: string;
  readonly prioritizeVerb?: string;
  readonly preemptVerb?: string;
  readonly bindVerb?: string;
  readonly weight: number;
  readonly httpTimeoutMs: number;
  /** Whether it knows nodes by their names. */
  readonly nodeCacheCapable?: boolean;
  /** Only pods that ask for one of these are its business; all where there are none. */
  readonly managedResources?: readonly { readonly name: string; readonly ignoredByScheduler?: boolean }[];
  /** Whether pods are scheduled without it when it fails. */
  readonly ignorable?: boolean;
}

/** A KubeSchedulerConfiguration with its defaults. */
export interface SchedulerConfiguration {
  readonly parallelism: number;
  readonly percentageOfNodesToScore: number;
  readonly podInitialBackoffSeconds: number;
  readonly podMaxBackoffSeconds: number;
  readonly profiles: readonly SchedulerProfile[];
  readonly extenders: readonly Extender[];
  /** Feature gates of its command line that change what is scheduled. */
  readonly gates: { readonly gangScheduling: boolean };
  readonly leaderElection: { readonly leaderElect: boolean; readonly resourceLock: string };
}

/** Why a process ends: the words of its last line. */
export class ConfigurationError extends Error {}
