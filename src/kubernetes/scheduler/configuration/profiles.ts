// Upstream: pkg/scheduler/profile/profile.go, framework/runtime/framework.go NewFramework, apis/config/v1/default_plugins.go mergePlugins
import type { Plugin } from '../framework.ts';
import type { Profile } from '../profile.ts';
import type { ProfilePlugin } from '../template.ts';
import {
  ConfigurationError,
  type ExtensionPoint,
  extensionPoints,
  type PluginEntry,
  type PluginSet,
  type SchedulerConfiguration,
  type SchedulerProfile,
} from './configuration.ts';
import { pluginArgsOf } from './load.ts';
import { pluginPoints } from './pluginPoints.ts';
import { aggregate, validateArgs } from './validate.ts';

/** The plugins that there are, by name, told what a profile says. */
export type MakePlugins = (
  args: ReturnType<typeof pluginArgsOf>,
  recorder: Profile['recorder'],
) => ReadonlyMap<string, Plugin>;

/** The plugins of every profile, in the order in which pods meet them at each point, and the weights of their scores. */
export interface Expansion {
  readonly order: Readonly<Record<ExtensionPoint, readonly string[]>>;
  readonly weights: ReadonlyMap<string, number>;
}

/** The profiles of a configuration. Throws ConfigurationError where one cannot be made. */
export function makeProfiles(
  configuration: SchedulerConfiguration,
  defaults: readonly PluginEntry[],
  make: MakePlugins,
  recorderFor: (schedulerName: string) => Profile['recorder'],
): Profile[] {
  return configuration.profiles.map((profile) => {
    const recorder = recorderFor(profile.schedulerName);
    const expansion = checkProfile(profile, defaults);
    return {
      schedulerName: profile.schedulerName,
      plugins: assemble(expansion, make(pluginArgsOf(profile), recorder)),
      percentageOfNodesToScore: profile.percentageOfNodesToScore ?? configuration.percentageOfNodesToScore,
      recorder,
    };
  });
}

/** What a profile comes to. Throws ConfigurationError. */
export function checkProfile(profile: SchedulerProfile, defaults: readonly PluginEntry[]): Expansion {
  const fail = (error: string) =>
    new ConfigurationError(
      `initializing profiles: creating profile for scheduler name ${profile.schedulerName}: ${error}`,
    );
  try {
    const name = 'NodeResourcesFit';
    const errors = validateArgs(name, '', pluginArgsOf(profile)[name]);
    if (errors.length > 0)
      throw new ConfigurationError(`initializing plugin "${name}": ${aggregate(errors).message}`);
    return expand(profile, defaults);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    throw fail(error.message);
  }
}

const typeOf = (point: ExtensionPoint) => `${point[0]!.toUpperCase()}${point.slice(1)}Plugin`;
const extendsPoint = (name: string, point: ExtensionPoint) => pluginPoints[name]?.includes(point) === true;

function expand(profile: SchedulerProfile, defaults: readonly PluginEntry[]): Expansion {
  const { plugins = {}, schedulerName } = profile;
  const everywhere = merge(defaults, plugins.multiPoint ?? {});
  const order = Object.fromEntries(
    extensionPoints.map((point) => [point, namesAt(point, plugins[point] ?? {}, everywhere)]),
  ) as Record<ExtensionPoint, string[]>;
  const sorts = order.queueSort.length;
  const whose = `for profile with scheduler name "${schedulerName}"`;
  if (sorts !== 1)
    throw new ConfigurationError(`only one queue sort plugin required ${whose}, but got ${sorts}`);
  if (order.bind.length === 0) throw new ConfigurationError(`at least one bind plugin is needed ${whose}`);
  const weights = new Map<string, number>();
  for (const { name, weight } of [...(plugins.score?.enabled ?? []), ...everywhere])
    if (extendsPoint(name, 'score') && !weights.has(name)) weights.set(name, weight || 1);
  return { order, weights };
}

/** The defaults without what is disabled; one that is enabled again takes the other's place, others come behind. */
function merge(defaults: readonly PluginEntry[], { enabled = [], disabled = [] }: PluginSet): PluginEntry[] {
  const isDisabled = (name: string) => disabled.some((entry) => entry.name === name || entry.name === '*');
  const kept = defaults.filter(({ name }) => !isDisabled(name));
  const replaced = kept.map((entry) => enabled.find(({ name }) => name === entry.name) ?? entry);
  return [...replaced, ...enabled.filter(({ name }) => !kept.some((entry) => entry.name === name))];
}

/** The plugins at one point: those that are named there and everywhere, those everywhere, and then the rest. */
function namesAt(
  point: ExtensionPoint,
  { enabled = [], disabled = [] }: PluginSet,
  everywhere: readonly PluginEntry[],
): string[] {
  const own: string[] = [];
  for (const { name } of enabled) {
    if (pluginPoints[name] === undefined)
      throw new ConfigurationError(`${typeOf(point)} "${name}" does not exist`);
    if (!extendsPoint(name, point))
      throw new ConfigurationError(`plugin "${name}" does not extend ${typeOf(point)} plugin`);
    if (own.includes(name))
      throw new ConfigurationError(`plugin "${name}" already registered as "${typeOf(point)}"`);
    own.push(name);
  }
  if (disabled.some(({ name }) => name === '*')) return own;
  const overridden = new Set<string>();
  const expanded: string[] = [];
  for (const { name } of everywhere) {
    if (pluginPoints[name] === undefined)
      throw new ConfigurationError(`${typeOf(point)} "${name}" does not exist`);
    if (!extendsPoint(name, point) || disabled.some((entry) => entry.name === name)) continue;
    if (own.includes(name)) overridden.add(name);
    else if (expanded.includes(name))
      throw new ConfigurationError(`plugin "${name}" already registered as "${typeOf(point)}"`);
    else expanded.push(name);
  }
  const rest = own.filter((name) => !overridden.has(name));
  return [...own.filter((name) => overridden.has(name)), ...expanded, ...rest];
}

/** One list of all plugins, each with the points at which it is enabled; those that read only nodes filter first. */
function assemble(
  { order, weights }: Expansion,
  registry: ReadonlyMap<string, Plugin>,
): readonly ProfilePlugin[] {
  const names = new Set([...order.filter, ...extensionPoints.flatMap((point) => order[point])]);
  const all = [...names].flatMap((name) => {
    const plugin = registry.get(name);
    if (plugin === undefined) return [];
    const points = extensionPoints.filter((point) => order[point].includes(name));
    const scores = points.includes('score');
    return [{ plugin: at(plugin, points), weight: scores ? (weights.get(name) ?? 0) : 0 }];
  });
  const ofNodes = all.filter(({ plugin }) => plugin.reads === 'node');
  return [...ofNodes, ...all.filter(({ plugin }) => plugin.reads !== 'node')];
}

/** Points at which a plugin may turn a pod away, so that it says what may help it. */
const refusing: readonly ExtensionPoint[] = ['preEnqueue', 'preFilter', 'filter', 'reserve', 'permit'];

/** A plugin with these of its points only. PreFilter and Filter are one here, and so are PreScore and Score. */
function at(plugin: Plugin, points: readonly ExtensionPoint[]): Plugin {
  const has = (point: ExtensionPoint) => points.includes(point);
  const { name, reads } = plugin;
  return {
    name,
    reads,
    ...(refusing.some(has) && plugin.hints && { hints: plugin.hints }),
    ...(has('preEnqueue') && plugin.preEnqueue && { preEnqueue: (pod) => plugin.preEnqueue!(pod) }),
    ...(has('queueSort') && plugin.compare && { compare: (a, b) => plugin.compare!(a, b) }),
    ...(has('filter') && plugin.preFilter && { preFilter: (pod) => plugin.preFilter!(pod) }),
    ...(has('postFilter') &&
      plugin.postFilter && {
        postFilter: (pod, diagnosis, trials) => plugin.postFilter!(pod, diagnosis, trials),
        whatIf: (pod, diagnosis, trials) => plugin.whatIf?.(pod, diagnosis, trials) ?? null,
      }),
    ...(has('score') && plugin.preScore && { preScore: (pod, nodes) => plugin.preScore!(pod, nodes) }),
    ...(has('reserve') && plugin.reserve && { reserve: (pod, node) => plugin.reserve!(pod, node) }),
    ...(plugin.caveat && { caveat: (pod) => plugin.caveat!(pod) }),
    ...(has('bind') && plugin.bind && { bind: (pod, nodeName) => plugin.bind!(pod, nodeName) }),
  };
}
