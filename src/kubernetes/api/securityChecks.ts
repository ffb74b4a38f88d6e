// Upstream: ValidateSecurityContext, validatePodSpecSecurityContext, validateHostUsers, validateLinux and
// validateWindows in pkg/apis/core/validation/validation.go
import type { Container, PodSpec, SecurityContext } from '#generated/types/core.v1.ts';
import {
  duplicate,
  forbidden,
  invalidValue,
  notSupported,
  required,
  tooLong,
} from '#kubernetes/apimachinery/fieldErrors.ts';
import { checkDns1123Subdomain } from '#kubernetes/apimachinery/names.ts';
import type { FieldError } from '#kubernetes/apimachinery/statusError.ts';
import { invalidFor, under } from './fieldChecks.ts';
import { validateLocalPath } from './volumeValidation.ts';

type Profile = NonNullable<SecurityContext['seccompProfile']>;
type Windows = NonNullable<SecurityContext['windowsOptions']>;

const profileTypes = ['Localhost', 'RuntimeDefault', 'Unconfined'];
/** PATH_MAX - 1. */
const profileLengthMax = 4095;
const sysctlLengthMax = 253;
const sysctlPattern = '^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$';
const sysctlRegExp = new RegExp(sysctlPattern);
const ipcSysctls = /^(kernel[./](msg|sem|shm)|fs[./]mqueue[./])/;

/** `field` is where the profile stands, for the sentence. */
function validateType({ type }: Profile, field: string): FieldError[] {
  if (!type) return [required('type', `type is required when ${field} is set`)];
  return profileTypes.includes(type) ? [] : [notSupported('type', type, profileTypes)];
}

function validateSeccomp(profile: Profile): FieldError[] {
  const { type, localhostProfile: path } = profile;
  const errors = validateType(profile, 'seccompProfile');
  if (type === 'Localhost') {
    if (path === undefined)
      errors.push(required('localhostProfile', 'must be set when seccomp type is Localhost'));
    else errors.push(...validateLocalPath('localhostProfile', path));
  } else if (path !== undefined) {
    const shown = { Type: type ?? '', LocalhostProfile: path };
    errors.push(invalidValue('localhostProfile', shown, 'can only be set when seccomp type is Localhost'));
  }
  return errors;
}

function validateAppArmor(profile: Profile): FieldError[] {
  const { type, localhostProfile: path } = profile;
  const errors = validateType(profile, 'appArmorProfile');
  const field = 'localhostProfile';
  if (type === 'Localhost') {
    if (!path?.trim()) errors.push(required(field, 'must be set when AppArmor type is Localhost'));
    else if (path !== path.trim())
      errors.push(invalidValue(field, path, 'must not be padded with whitespace'));
    if ((path ?? '').length > profileLengthMax) errors.push(tooLong(field, profileLengthMax));
  } else if (path !== undefined && profileTypes.includes(type)) {
    errors.push(invalidValue(field, path, 'can only be set when AppArmor type is Localhost'));
  }
  return errors;
}

function validateWindowsOptions({
  gmsaCredentialSpecName: name,
  runAsUserName: user,
}: Windows): FieldError[] {
  return [
    ...(name === undefined ? [] : invalidFor('gmsaCredentialSpecName', name, checkDns1123Subdomain(name))),
    ...(user === '' ? [invalidValue('runAsUserName', user, 'runAsUserName cannot be an empty string')] : []),
  ];
}

/** What pods and containers have in common. */
function validateProfiles(context: {
  readonly seccompProfile?: Profile;
  readonly appArmorProfile?: Profile;
  readonly windowsOptions?: Windows;
}): FieldError[] {
  const { seccompProfile, appArmorProfile, windowsOptions } = context;
  return [
    ...(seccompProfile ? under('seccompProfile', validateSeccomp(seccompProfile)) : []),
    ...(windowsOptions ? under('windowsOptions', validateWindowsOptions(windowsOptions)) : []),
    ...(appArmorProfile ? under('appArmorProfile', validateAppArmor(appArmorProfile)) : []),
  ];
}

function validateContainerContext(context: SecurityContext, { hostUsers = true }: PodSpec): FieldError[] {
  const { procMount, allowPrivilegeEscalation, capabilities } = context;
  const errors: FieldError[] = [];
  const mounts = ['Default', 'Unmasked'];
  if (procMount !== undefined && !mounts.includes(procMount))
    errors.push(notSupported('procMount', procMount, mounts));
  if (procMount === 'Unmasked' && hostUsers)
    errors.push(invalidValue('procMount', procMount, '`hostUsers` must be false to use `Unmasked`'));
  errors.push(...validateProfiles(context));
  if (allowPrivilegeEscalation === false && capabilities?.add?.includes('CAP_SYS_ADMIN')) {
    const why = 'cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN';
    errors.push(invalidValue('', context, why));
  }
  return errors;
}

/** Every container of a spec with its place in it. */
function containersOf(spec: PodSpec): readonly (readonly [path: string, container: Container])[] {
  return (['initContainers', 'containers', 'ephemeralContainers'] as const).flatMap((list) =>
    (spec[list] ?? []).map((container, index) => [`${list}[${index}]`, container] as const),
  );
}

function validateSysctls({ securityContext = {}, hostNetwork, hostIPC }: PodSpec): FieldError[] {
  const seen = new Set<string>();
  return (securityContext.sysctls ?? []).flatMap(({ name }, index) => {
    const field = `sysctls[${index}].name`;
    const errors: FieldError[] = [];
    if (!name) errors.push(required(field));
    else if (name.length > sysctlLengthMax || !sysctlRegExp.test(name)) {
      const why = `must have at most ${sysctlLengthMax} characters and match regex ${sysctlPattern}`;
      errors.push(invalidValue(field, name, why));
    } else if (seen.has(name)) errors.push(duplicate(field, name));
    seen.add(name);
    if (hostNetwork && /^net[./]/.test(name))
      errors.push(invalidValue(field, name, "may not be specified when 'hostNetwork' is true"));
    if (hostIPC && ipcSysctls.test(name))
      errors.push(invalidValue(field, name, "may not be specified when 'hostIPC' is true"));
    return errors;
  });
}

const podPolicies = [
  ['fsGroupChangePolicy', ['Always', 'OnRootMismatch']],
  ['supplementalGroupsPolicy', ['Merge', 'Strict']],
  ['seLinuxChangePolicy', ['MountOption', 'Recursive']],
] as const;

function validatePodContext(spec: PodSpec): FieldError[] {
  const { securityContext: context = {}, shareProcessNamespace, hostPID } = spec;
  const errors: FieldError[] = [];
  if (shareProcessNamespace && hostPID) {
    const why = 'ShareProcessNamespace and HostPID cannot both be enabled';
    errors.push(invalidValue('shareProcessNamespace', true, why));
  }
  errors.push(...validateSysctls(spec));
  for (const [field, values] of podPolicies) {
    const value = context[field];
    if (value !== undefined && !(values as readonly string[]).includes(value))
      errors.push(notSupported(field, value, values));
  }
  return [...errors, ...validateProfiles(context)];
}

/** A pod with users of its own has namespaces of its own too. Upstream writes two of the names with a capital. */
function validateHostUsers({ hostUsers, hostNetwork, hostPID, hostIPC }: PodSpec): FieldError[] {
  if (hostUsers !== false) return [];
  const shared = { hostNetwork, HostPID: hostPID, HostIPC: hostIPC };
  return Object.entries(shared)
    .filter(([, isShared]) => isShared)
    .map(([field]) => forbidden(field, 'when `pod.Spec.HostUsers` is false'));
}

const notOfWindows = {
  pod: ['hostUsers', 'hostPID', 'hostIPC', 'shareProcessNamespace'],
  podContext: [
    'appArmorProfile',
    'seLinuxOptions',
    'seccompProfile',
    'fsGroup',
    'fsGroupChangePolicy',
    'sysctls',
    'runAsUser',
    'runAsGroup',
    'supplementalGroups',
    'supplementalGroupsPolicy',
    'seLinuxChangePolicy',
  ],
  containerContext: [
    'appArmorProfile',
    'seLinuxOptions',
    'seccompProfile',
    'capabilities',
    'readOnlyRootFilesystem',
    'privileged',
    'allowPrivilegeEscalation',
    'procMount',
    'runAsUser',
    'runAsGroup',
  ],
} as const;

function forbidFields(owner: object | undefined, fields: readonly string[], why: string): FieldError[] {
  const values = (owner ?? {}) as Readonly<Record<string, unknown>>;
  return fields.filter((field) => values[field] !== undefined).map((field) => forbidden(field, why));
}

function validateOs(spec: PodSpec): FieldError[] {
  const name = spec.os?.name;
  if (spec.os === undefined) return [];
  if (!name) return [required('os.name', 'cannot be empty')];
  if (name !== 'linux' && name !== 'windows') return [notSupported('os.name', name, ['linux', 'windows'])];
  const [why, ofPod, ofContext, ofContainer] =
    name === 'windows'
      ? [
          'cannot be set for a windows pod',
          notOfWindows.pod,
          notOfWindows.podContext,
          notOfWindows.containerContext,
        ]
      : ['windows options cannot be set for a linux pod', [], ['windowsOptions'], ['windowsOptions']];
  return [
    ...under('securityContext', forbidFields(spec.securityContext, ofContext, why)),
    ...forbidFields(spec, ofPod, why),
    ...containersOf(spec).flatMap(([path, { securityContext }]) =>
      under(`${path}.securityContext`, forbidFields(securityContext, ofContainer, why)),
    ),
  ];
}

/** What is wrong with users, profiles and namespaces. */
export function checkSecurity(spec: PodSpec): FieldError[] {
  return [
    ...containersOf(spec).flatMap(([path, { securityContext }]) =>
      securityContext
        ? under(`${path}.securityContext`, validateContainerContext(securityContext, spec))
        : [],
    ),
    ...under('securityContext', validatePodContext(spec)),
    ...validateHostUsers(spec),
    ...validateOs(spec),
  ];
}
