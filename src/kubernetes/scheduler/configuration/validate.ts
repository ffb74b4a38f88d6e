// Upstream: pkg/scheduler/apis/config/validation/validation.go
import { duplicate, invalidValue, required } from '#kubernetes/apimachinery/fieldErrors.ts';
import { deepEqual } from '#kubernetes/apimachinery/structure.ts';
import type { FieldError } from '#kubernetes/apimachinery/statusError.ts';
import { isExtendedResource } from '#kubernetes/api/resourceNames.ts';
import {
  ConfigurationError,
  type Extender,
  type ExtensionPoint,
  extensionPoints,
  type PluginArgs,
  type SchedulerConfiguration,
  type SchedulerProfile,
} from './configuration.ts';
import { argsValidators } from './validateArgs.ts';

/** Several errors in one sentence. Upstream: errors.Aggregate */
export function aggregate(errors: readonly FieldError[]): ConfigurationError {
  const sentences = [...new Set(errors.map(({ field, message }) => `${field}: ${message}`))];
  return new ConfigurationError(sentences.length === 1 ? sentences[0]! : `[${sentences.join(', ')}]`);
}

/** What is wrong with a configuration. */
export function validateConfiguration(configuration: SchedulerConfiguration): FieldError[] {
  const { leaderElection, parallelism, profiles, podInitialBackoffSeconds, podMaxBackoffSeconds } =
    configuration;
  const errors: FieldError[] = [];
  if (leaderElection.leaderElect && leaderElection.resourceLock !== 'leases')
    errors.push(
      invalidValue(
        'leaderElection.resourceLock',
        leaderElection.resourceLock,
        'resourceLock value must be "leases"',
      ),
    );
  if (parallelism <= 0)
    errors.push(invalidValue('parallelism', parallelism, 'should be an integer value greater than zero'));
  for (const [index, profile] of profiles.entries()) {
    const path = `profiles[${index}]`;
    errors.push(...validateProfile(path, profile));
    const first = profiles.findIndex(({ schedulerName }) => schedulerName === profile.schedulerName);
    // Upstream prints the path of the other one as a value.
    if (first < index) errors.push(duplicate(`${path}.schedulerName`, `profiles[${first}].schedulerName`));
  }
  errors.push(...validateQueueSort(profiles));
  errors.push(...validatePercentage('percentageOfNodesToScore', configuration.percentageOfNodesToScore));
  if (podInitialBackoffSeconds <= 0)
    errors.push(invalidValue('podInitialBackoffSeconds', podInitialBackoffSeconds, 'must be greater than 0'));
  if (podMaxBackoffSeconds < podInitialBackoffSeconds)
    errors.push(
      invalidValue(
        'podMaxBackoffSeconds',
        podMaxBackoffSeconds,
        'must be greater than or equal to PodInitialBackoffSeconds',
      ),
    );
  return [...errors, ...validateExtenders(configuration.extenders)];
}

function validateExtenders(extenders: readonly Extender[]): FieldError[] {
  const errors: FieldError[] = [];
  const seen = new Set<string>();
  for (const [index, { prioritizeVerb, weight, managedResources = [] }] of extenders.entries()) {
    const path = `extenders[${index}]`;
    if (prioritizeVerb && weight <= 0)
      errors.push(invalidValue(`${path}.weight`, weight, 'must have a positive weight applied to it'));
    for (const [j, { name }] of managedResources.entries()) {
      const own = `${path}.managedResources[${j}].name`;
      if (!isExtendedResource(name))
        errors.push(invalidValue(own, name, 'is an invalid extended resource name'));
      if (seen.has(name)) errors.push(invalidValue(own, name, 'duplicate extender managed resource name'));
      seen.add(name);
    }
  }
  const binders = extenders.filter(({ bindVerb }) => bindVerb).length;
  if (binders > 1)
    errors.push(
      invalidValue(
        'extenders',
        `found ${binders} extenders implementing bind`,
        'only one extender can implement bind',
      ),
    );
  return errors;
}

function validatePercentage(field: string, percentage: number | undefined): FieldError[] {
  return percentage !== undefined && (percentage < 0 || percentage > 100)
    ? [invalidValue(field, percentage, 'not in valid range [0-100]')]
    : [];
}

/** Gone since v1. */
const removedPlugins = ['AzureDiskLimits', 'CinderLimits', 'EBSLimits', 'GCEPDLimits'];
const removed =
  'was invalid in version "v1" (KubeSchedulerConfiguration is version "kubescheduler.config.k8s.io/v1")';

function validateProfile(path: string, profile: SchedulerProfile): FieldError[] {
  const errors: FieldError[] = [];
  if (profile.schedulerName === '') errors.push(required(`${path}.schedulerName`));
  errors.push(...validatePercentage(`${path}.percentageOfNodesToScore`, profile.percentageOfNodesToScore));
  for (const point of extensionPoints)
    for (const [index, { name }] of (profile.plugins?.[point]?.enabled ?? []).entries())
      if (removedPlugins.includes(name))
        errors.push(invalidValue(`${path}.plugins.${point}.enabled[${index}]`, name, removed));
  const seen = new Set<string>();
  for (const [index, { name, args }] of profile.pluginConfig.entries()) {
    const own = `${path}.pluginConfig[${index}]`;
    if (seen.has(name)) errors.push(duplicate(own, name));
    seen.add(name);
    if (removedPlugins.includes(name)) errors.push(invalidValue(own, name, removed));
    // Upstream looks at those of NodeResourcesFit only when it makes the plugin.
    else if (name !== 'NodeResourcesFit') errors.push(...validateArgs(name, `${own}.args`, args));
  }
  return errors;
}

/** What is wrong with what a plugin is told. */
export function validateArgs(name: string, path: string, args: unknown): FieldError[] {
  const validator = argsValidators[name as keyof PluginArgs] as
    | ((path: string, args: unknown) => FieldError[])
    | undefined;
  return validator?.(path, args) ?? [];
}

function validateQueueSort(profiles: readonly SchedulerProfile[]): FieldError[] {
  const point: ExtensionPoint = 'queueSort';
  const first = profiles[0]?.plugins?.[point];
  const errors: FieldError[] = [];
  const count = first?.enabled?.length ?? 0;
  if (count > 1)
    errors.push(
      invalidValue(
        'profiles[0].plugins.queueSort.Enabled',
        count,
        'only one queue sort plugin can be enabled',
      ),
    );
  for (const [index, { plugins }] of profiles.entries()) {
    const own = plugins?.[point];
    if (!deepEqual(own ?? {}, first ?? {}))
      errors.push(
        invalidValue(`profiles[${index}].plugins.queueSort`, own ?? {}, 'must be the same for all profiles'),
      );
  }
  return errors;
}
