// Upstream: cmd/kube-scheduler/app/{server,options/options}.go, component-base/cli/run.go
import type { SchedulerParts, SchedulerProcess } from '../schedulerParts.ts';
import { GangCycle } from '../gangCycle.ts';
import { gangPlugin, Gangs, gangScheduling } from '../gangs.ts';
import { extenderPlugin, HttpExtenders } from '../extenders.ts';
import { defaultEntries } from '../plugins/registry.ts';
import { ConfigurationError, type SchedulerConfiguration } from './configuration.ts';
import { defaultConfiguration, loadConfiguration, pluginArgsOf } from './load.ts';
import { checkProfile, makeProfiles } from './profiles.ts';
import { makeRegistry } from './registry.ts';
import { aggregate, validateConfiguration } from './validate.ts';

/** Flags that it knows besides, for which nothing changes here. */
const otherFlags = [
  'authentication-kubeconfig',
  'authorization-kubeconfig',
  'authorization-always-allow-paths',
  'bind-address',
  'cert-dir',
  'client-ca-file',
  'emulated-version',
  'feature-gates',
  'kubeconfig',
  'leader-elect',
  'leader-elect-lease-duration',
  'leader-elect-renew-deadline',
  'leader-elect-resource-lock',
  'leader-elect-resource-name',
  'leader-elect-resource-namespace',
  'leader-elect-retry-period',
  'kube-api-burst',
  'kube-api-qps',
  'log-flush-frequency',
  'logging-format',
  'master',
  'permit-address-sharing',
  'permit-port-sharing',
  'pod-max-in-unschedulable-pods-duration',
  'profiling',
  'secure-port',
  'show-hidden-metrics-for-version',
  'tls-cert-file',
  'tls-min-version',
  'tls-private-key-file',
  'v',
  'vmodule',
];

/** The value of the last flag of a name; undefined without one. Throws where a flag is none. */
function flagOf(args: readonly string[], name: string): string | undefined {
  let value: string | undefined;
  for (let i = 1; i < args.length; i++) {
    const [, flag, given] = /^--?([a-z][a-z-]*)(?:=(.*))?$/s.exec(args[i]!) ?? [];
    if (flag === undefined) continue;
    if (flag !== 'config' && !otherFlags.includes(flag))
      throw new ConfigurationError(`unknown flag: --${flag}`);
    if (flag === name) value = given ?? args[++i] ?? '';
  }
  return value;
}

/** GangScheduling needs GenericWorkload, as upstream's gates depend on each other. */
function hasGangs(gates = ''): boolean {
  const on = gates
    .split(',')
    .map((entry) => entry.split('='))
    .filter(([, value]) => value?.trim() === 'true')
    .map(([name]) => name!.trim());
  return ['GangScheduling', 'GenericWorkload'].every((gate) => on.includes(gate) || on.includes('AllAlpha'));
}

/** Reads what a scheduler's command line asks for; a number is the exit code of one that cannot start. */
export const configure: NonNullable<SchedulerParts['configure']> = (process) => {
  try {
    const path = flagOf(process.args, 'config');
    const gangScheduling = hasGangs(flagOf(process.args, 'feature-gates'));
    if (path === undefined && !gangScheduling) return null;
    const read = path === undefined ? defaultConfiguration() : readConfiguration(process, path);
    return { ...read, gates: { gangScheduling } };
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    const time = klogTime(process.nowMs);
    process.log(`E${time}       1 run.go:72] "command failed" err=${JSON.stringify(error.message)}\n`);
    return 1;
  }
};

function readConfiguration(process: SchedulerProcess, path: string): SchedulerConfiguration {
  const text = process.read(path);
  if (text === null) throw new ConfigurationError(`open ${path}: no such file or directory`);
  const configuration = loadConfiguration(text);
  const errors = validateConfiguration(configuration);
  if (errors.length > 0) throw aggregate(errors);
  for (const profile of configuration.profiles) checkProfile(profile, defaultEntries);
  for (const { preemptVerb } of configuration.extenders)
    if (preemptVerb)
      process.log(
        `Podarium does not ask extenders about preemption: preemptVerb ${preemptVerb} is ignored\n`,
      );
  return configuration;
}

/** `0105 09:00:01.250000`. Upstream: klog's header */
function klogTime(nowMs: number): string {
  const [date, time] = new Date(nowMs).toISOString().split('T') as [string, string];
  return `${date.slice(5).replace('-', '')} ${time.slice(0, -1)}000`;
}

/** The profiles of a configuration that has been looked at. */
export const profiles: NonNullable<SchedulerParts['profiles']> = (options) => {
  const { configuration, context, makeLater, recorderFor, callExtender } = options;
  const { extenders: servers } = configuration;
  const ofExtenders = servers.flatMap(({ managedResources = [] }) =>
    managedResources.filter(({ ignoredByScheduler }) => ignoredByScheduler).map(({ name }) => name),
  );
  const extenders = servers.length === 0 ? null : new HttpExtenders(servers, callExtender);
  const gangs = configuration.gates.gangScheduling ? new Gangs(context) : null;
  const base = makeRegistry(context, makeLater, ofExtenders);
  const make: typeof base = (...args) =>
    new Map([...base(...args), ...(gangs === null ? [] : [[gangScheduling, gangPlugin(gangs)] as const])]);
  const entries = gangs === null ? defaultEntries : [...defaultEntries, { name: gangScheduling, weight: 0 }];
  return makeProfiles(configuration, entries, make, recorderFor).map((profile, i) => ({
    ...profile,
    ...(extenders !== null && { plugins: [...profile.plugins, { plugin: extenderPlugin, weight: 0 }] }),
    extenders,
    groups: gangs && new GangCycle(gangs, context),
    bindTimeoutMs: pluginArgsOf(configuration.profiles[i]!).VolumeBinding.bindTimeoutSeconds * 1000,
  }));
};
