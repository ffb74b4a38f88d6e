// Upstream: cmd/kube-scheduler/app/options/configfile.go, pkg/scheduler/apis/config/v1/defaults.go
import { parseDuration } from '#kubernetes/apimachinery/duration.ts';
import { parseDocument } from '#kubernetes/apimachinery/yamlDocument.ts';
import { StatusError } from '#kubernetes/apimachinery/statusError.ts';
import { defaultResources, type ResourceWeight } from '../resourceScores.ts';
import {
  ConfigurationError,
  type Extender,
  type PluginArgs,
  type PluginConfig,
  type SchedulerConfiguration,
  type SchedulerProfile,
} from './configuration.ts';
import { argsShapes, checkShape, configurationShape, type Shape } from './shapes.ts';

const group = 'kubescheduler.config.k8s.io';
const version = `${group}/v1`;
const kind = 'KubeSchedulerConfiguration';
const scheme = 'in scheme "pkg/scheduler/apis/config/scheme/scheme.go:30"';

/** The configuration that a file holds, with its defaults; nobody has looked whether it makes sense. */
export function loadConfiguration(text: string): SchedulerConfiguration {
  const document = parse(text);
  const { apiVersion, kind: found } = document;
  if (!found) throw new ConfigurationError(`Object 'Kind' is missing in '${JSON.stringify(document)}'`);
  if (apiVersion !== version || found !== kind)
    throw new ConfigurationError(
      `no kind "${found as string}" is registered for version "${String(apiVersion)}" ${scheme}`,
    );
  const unknown = strictly(document, configurationShape);
  const profiles = (document['profiles'] ?? []) as readonly Partial<SchedulerProfile>[];
  for (const [i, { pluginConfig = [] }] of profiles.entries())
    for (const [j, config] of pluginConfig.entries())
      checkArgs(config, `.profiles[${i}].pluginConfig[${j}]`, unknown);
  if (unknown.length > 0) throw new ConfigurationError(`strict decoding error: ${unknown.join(', ')}`);
  return withDefaults(document);
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    const document = parseDocument(text);
    if (typeof document === 'object' && document !== null && !Array.isArray(document))
      return document as Readonly<Record<string, unknown>>;
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    throw new ConfigurationError(`couldn't get version/kind; json parse error: ${error.message}`);
  }
  throw new ConfigurationError(
    `couldn't get version/kind; json parse error: json: cannot unmarshal ${text.trim() === '' ? 'null' : 'string'} into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`,
  );
}

/** The sentences about fields that nobody knows. Throws where a type does not fit. */
function strictly(value: unknown, shape: Shape): string[] {
  const { unknown, mismatch } = checkShape(value, shape);
  if (mismatch !== null) throw new ConfigurationError(mismatch);
  return unknown.map((path) => `unknown field ${JSON.stringify(path)}`);
}

function checkArgs({ name, args }: PluginConfig, path: string, unknown: string[]): void {
  const shape = argsShapes[name];
  if (shape === undefined || args === undefined || args === null) return;
  const { kind: found } = args as { readonly kind?: string };
  if (found !== undefined && found !== `${name}Args`)
    throw new ConfigurationError(
      `decoding ${path}: args for plugin ${name} were not of type ${name}Args.${group}, got ${found}.${group}`,
    );
  try {
    const own = strictly(args, shape);
    if (own.length === 0) return;
    const error = `decoding args for plugin ${name}: strict decoding error: ${own.join(', ')}`;
    unknown.push(`decoding ${path}: strict decoding error: ${error}`);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    throw new ConfigurationError(`decoding ${path}: decoding args for plugin ${name}: ${error.message}`);
  }
}

/** What a scheduler without a file does. */
export const defaultConfiguration = (): SchedulerConfiguration => withDefaults({});

function withDefaults(given: Partial<SchedulerConfiguration>): SchedulerConfiguration {
  const profiles: readonly Partial<SchedulerProfile>[] = given.profiles?.length ? given.profiles : [{}];
  return {
    gates: { gangScheduling: false },
    parallelism: given.parallelism ?? 16,
    percentageOfNodesToScore: given.percentageOfNodesToScore ?? 0,
    podInitialBackoffSeconds: given.podInitialBackoffSeconds ?? 1,
    podMaxBackoffSeconds: given.podMaxBackoffSeconds ?? 10,
    leaderElection: {
      leaderElect: given.leaderElection?.leaderElect ?? true,
      resourceLock: given.leaderElection?.resourceLock || 'leases',
    },
    extenders: (given.extenders ?? []).map(extenderWithDefaults),
    profiles: profiles.map((profile) => ({
      ...profile,
      // The name of one of several must be given.
      schedulerName: profile.schedulerName ?? (profiles.length === 1 ? 'default-scheduler' : ''),
      pluginConfig: (profile.pluginConfig ?? []).map(({ name, args }) => ({
        name,
        args: argsWithDefaults(name, args),
      })),
    })),
  };
}

/** Upstream: DefaultExtenderTimeout */
const extenderTimeout = '5s';

function extenderWithDefaults(given: Partial<Extender> & { readonly httpTimeout?: string }): Extender {
  const { httpTimeout, ...extender } = given;
  const timeout = httpTimeout || extenderTimeout;
  const httpTimeoutMs = durationOf(timeout);
  return { ...extender, urlPrefix: extender.urlPrefix ?? '', weight: extender.weight ?? 0, httpTimeoutMs };
}

function durationOf(text: string): number {
  try {
    return parseDuration(text);
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    throw new ConfigurationError(error.message);
  }
}

/** Resources as a file names them. */
type Named = readonly { readonly name: string; readonly weight?: number }[];

function weighted(resources: unknown): readonly ResourceWeight[] {
  const named = (resources ?? []) as Named;
  if (named.length === 0) return defaultResources;
  return named.map(({ name, weight }) => ({ resource: name, weight: weight || 1 }));
}

type Given<Name extends keyof PluginArgs> = Partial<PluginArgs[Name]>;

const defaulters: { readonly [Name in keyof PluginArgs]: (args: Given<Name>) => PluginArgs[Name] } = {
  NodeResourcesFit: ({ scoringStrategy, ...args }) => ({
    ...args,
    scoringStrategy:
      scoringStrategy === undefined
        ? { type: 'LeastAllocated', resources: defaultResources }
        : { ...scoringStrategy, resources: weighted(scoringStrategy.resources) },
  }),
  NodeResourcesBalancedAllocation: ({ resources }) => ({ resources: weighted(resources) }),
  InterPodAffinity: ({ hardPodAffinityWeight = 1, ...args }) => ({ ...args, hardPodAffinityWeight }),
  NodeAffinity: (args) => args,
  PodTopologySpread: ({ defaultingType, ...args }) => ({
    ...args,
    defaultingType: defaultingType || 'System',
  }),
  DefaultPreemption: ({ minCandidateNodesPercentage = 10, minCandidateNodesAbsolute = 100 }) => ({
    minCandidateNodesPercentage,
    minCandidateNodesAbsolute,
  }),
  VolumeBinding: ({ bindTimeoutSeconds = 600 }) => ({ bindTimeoutSeconds }),
};

function argsWithDefaults(name: string, args: unknown): unknown {
  const defaulter = defaulters[name as keyof PluginArgs] as ((args: unknown) => unknown) | undefined;
  return defaulter === undefined ? args : defaulter(args ?? {});
}

/** What the plugins of a profile are told. */
export function pluginArgsOf({ pluginConfig }: Pick<SchedulerProfile, 'pluginConfig'>): PluginArgs {
  const named = new Map(pluginConfig.map(({ name, args }) => [name, args]));
  return Object.fromEntries(
    Object.keys(defaulters).map((name) => [name, named.get(name) ?? argsWithDefaults(name, undefined)]),
  ) as unknown as PluginArgs;
}
