// Upstream: pod-security-admission/policy/check_*.go, those of level baseline
import type { Container, PodSpec, SELinuxOptions, SecurityContext } from '#generated/types/core.v1.ts';
import {
  type Check,
  type CheckedPod,
  containersOf,
  containersPhrase,
  hasOwnUsers,
  namesOf,
  plural,
  quoted,
  quotedSet,
  settersPhrase,
  type Violation,
} from './check.ts';

const appArmorPrefix = 'container.apparmor.security.beta.kubernetes.io/';

function isAllowedAppArmor(type: string): boolean {
  return type === 'RuntimeDefault' || type === 'Localhost';
}

function isAllowedAppArmorAnnotation(value: string): boolean {
  return value === '' || value === 'runtime/default' || value.startsWith('localhost/');
}

function findAppArmor({ annotations, spec }: CheckedPod): Violation | null {
  const typeOf = (context: SecurityContext | PodSpec['securityContext']) => context?.appArmorProfile?.type;
  const isBad = (type: string | undefined) => type !== undefined && !isAllowedAppArmor(type);
  const podType = typeOf(spec.securityContext);
  const names = namesOf(spec, ({ securityContext }) => isBad(typeOf(securityContext)));
  const types = [podType, ...containersOf(spec).map(({ securityContext }) => typeOf(securityContext))];
  const marks = Object.entries(annotations)
    .filter(([key, value]) => key.startsWith(appArmorPrefix) && !isAllowedAppArmorAnnotation(value))
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`);
  const setters = settersPhrase(isBad(podType), names);
  const marked = marks.length === 0 ? '' : plural(marks.length, 'annotation');
  const values = [...new Set(types.filter(isBad) as string[])].sort().concat(marks.sort());
  if (values.length === 0) return null;
  const who = [setters, marked].filter((part) => part !== '').join(' and ');
  return {
    reason: plural(values.length, 'forbidden AppArmor profile'),
    detail: `${who} must not set AppArmor profile type to ${quoted(values)}`,
  };
}

const defaultCapabilities = new Set(
  'AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID SYS_CHROOT'.split(
    ' ',
  ),
);

function addedCapabilities({ securityContext }: Container): string[] {
  return (securityContext?.capabilities?.add ?? []).filter((name) => !defaultCapabilities.has(name));
}

function findCapabilities({ spec }: CheckedPod): Violation | null {
  const names = namesOf(spec, (container) => addedCapabilities(container).length > 0);
  if (names.length === 0) return null;
  const added = quotedSet(containersOf(spec).flatMap(addedCapabilities));
  return {
    reason: 'non-default capabilities',
    detail: `${containersPhrase(names)} must not include ${added} in securityContext.capabilities.add`,
  };
}

function findHostNamespaces({ spec }: CheckedPod): Violation | null {
  const used = (['hostNetwork', 'hostPID', 'hostIPC'] as const).filter((field) => spec[field]);
  if (used.length === 0) return null;
  return { reason: 'host namespaces', detail: used.map((field) => `${field}=true`).join(', ') };
}

function findHostPaths({ spec }: CheckedPod): Violation | null {
  const names = (spec.volumes ?? []).filter(({ hostPath }) => hostPath).map(({ name }) => name);
  if (names.length === 0) return null;
  return { reason: 'hostPath volumes', detail: `${plural(names.length, 'volume')} ${quoted(names)}` };
}

function hostPorts({ ports = [] }: Container): string[] {
  return ports.flatMap(({ hostPort }) => (hostPort ? [String(hostPort)] : []));
}

function findHostPorts({ spec }: CheckedPod): Violation | null {
  const names = namesOf(spec, (container) => hostPorts(container).length > 0);
  if (names.length === 0) return null;
  const ports = [...new Set(containersOf(spec).flatMap(hostPorts))].sort();
  const uses = plural(names.length, 'uses', 'use');
  return {
    reason: 'hostPort',
    detail: `${containersPhrase(names)} ${uses} ${plural(ports.length, 'hostPort')} ${ports.join(', ')}`,
  };
}

function probedHosts(container: Container): string[] {
  const { livenessProbe, readinessProbe, startupProbe, lifecycle } = container;
  return [livenessProbe, readinessProbe, startupProbe, lifecycle?.postStart, lifecycle?.preStop].flatMap(
    (handler) => [handler?.httpGet?.host, handler?.tcpSocket?.host].filter((host) => host) as string[],
  );
}

function findProbedHosts({ spec }: CheckedPod): Violation | null {
  const names = [...new Set(namesOf(spec, (container) => probedHosts(container).length > 0))].sort();
  if (names.length === 0) return null;
  const hosts = new Set(containersOf(spec).flatMap(probedHosts));
  const uses = plural(names.length, 'uses', 'use');
  return {
    reason: 'probe or lifecycle host',
    detail: `${containersPhrase(names)} ${uses} ${plural(hosts.size, 'probe or lifecycle host')} ${quotedSet(hosts)}`,
  };
}

function findPrivileged({ spec }: CheckedPod): Violation | null {
  const names = namesOf(spec, ({ securityContext }) => securityContext?.privileged === true);
  if (names.length === 0) return null;
  const detail = `${containersPhrase(names)} must not set securityContext.privileged=true`;
  return { reason: 'privileged', detail };
}

function findProcMount({ spec }: CheckedPod, minor: number): Violation | null {
  if (minor >= 34 && hasOwnUsers(spec)) return null;
  const mountOf = ({ securityContext }: Container) => securityContext?.procMount ?? 'Default';
  const names = namesOf(spec, (container) => mountOf(container) !== 'Default');
  if (names.length === 0) return null;
  const mounts = containersOf(spec)
    .map(mountOf)
    .filter((mount) => mount !== 'Default');
  return {
    reason: 'procMount',
    detail: `${containersPhrase(names)} must not set securityContext.procMount to ${quotedSet(mounts)}`,
  };
}

function allowedSeLinuxTypes(minor: number): readonly string[] {
  const types = ['', 'container_t', 'container_init_t', 'container_kvm_t'];
  return minor >= 31 ? [...types, 'container_engine_t'] : types;
}

function findSeLinux({ spec }: CheckedPod, minor: number): Violation | null {
  const allowed = allowedSeLinuxTypes(minor);
  const isBad = (options: SELinuxOptions | undefined) =>
    options !== undefined && (!allowed.includes(options.type ?? '') || options.user || options.role);
  const own = spec.securityContext?.seLinuxOptions;
  const names = namesOf(spec, ({ securityContext }) => Boolean(isBad(securityContext?.seLinuxOptions)));
  const setters = settersPhrase(Boolean(isBad(own)), names);
  if (setters === '') return null;
  const all = [own, ...containersOf(spec).map(({ securityContext }) => securityContext?.seLinuxOptions)];
  const types = new Set(all.map((options) => options?.type ?? '').filter((type) => !allowed.includes(type)));
  const what = [
    ...(types.size > 0 ? [`${plural(types.size, 'type')} ${quotedSet(types)}`] : []),
    ...(all.some((options) => options?.user) ? ['user may not be set'] : []),
    ...(all.some((options) => options?.role) ? ['role may not be set'] : []),
  ];
  return {
    reason: 'seLinuxOptions',
    detail: `${setters} set forbidden securityContext.seLinuxOptions: ${what.join('; ')}`,
  };
}

/** A profile that was asked for and is none of the two that confine. */
function isBadSeccomp(type: string | undefined): boolean {
  return type !== undefined && type !== 'RuntimeDefault' && type !== 'Localhost';
}

/** Who turns seccomp off, in the words of both standards. */
export function findSeccomp({ spec }: CheckedPod): Violation | null {
  const own = spec.securityContext?.seccompProfile?.type;
  const typeOf = ({ securityContext }: Container) => securityContext?.seccompProfile?.type;
  const names = namesOf(spec, (container) => isBadSeccomp(typeOf(container)));
  const setters = settersPhrase(isBadSeccomp(own), names);
  if (setters === '') return null;
  const types = [own, ...containersOf(spec).map(typeOf)].filter(isBadSeccomp) as string[];
  return {
    reason: 'seccompProfile',
    detail: `${setters} must not set securityContext.seccompProfile.type to ${quotedSet(types)}`,
  };
}

/** By the minor version that began to allow them. */
const allowedSysctls: readonly (readonly [since: number, names: readonly string[]])[] = [
  [
    0,
    [
      'kernel.shm_rmid_forced',
      'net.ipv4.ip_local_port_range',
      'net.ipv4.tcp_syncookies',
      'net.ipv4.ping_group_range',
      'net.ipv4.ip_unprivileged_port_start',
    ],
  ],
  [27, ['net.ipv4.ip_local_reserved_ports']],
  [
    29,
    [
      'net.ipv4.tcp_keepalive_time',
      'net.ipv4.tcp_fin_timeout',
      'net.ipv4.tcp_keepalive_intvl',
      'net.ipv4.tcp_keepalive_probes',
    ],
  ],
  [32, ['net.ipv4.tcp_rmem', 'net.ipv4.tcp_wmem']],
];

function findSysctls({ spec }: CheckedPod, minor: number): Violation | null {
  const allowed = new Set(allowedSysctls.flatMap(([since, names]) => (minor >= since ? names : [])));
  const bad = (spec.securityContext?.sysctls ?? [])
    .map(({ name }) => name)
    .filter((name) => !allowed.has(name));
  return bad.length === 0 ? null : { reason: 'forbidden sysctls', detail: bad.join(', ') };
}

function findHostProcess({ spec }: CheckedPod): Violation | null {
  const isSet = (context: SecurityContext | PodSpec['securityContext']) =>
    context?.windowsOptions?.hostProcess === true;
  const names = namesOf(spec, ({ securityContext }) => isSet(securityContext));
  const setters = settersPhrase(isSet(spec.securityContext), names);
  if (setters === '') return null;
  const detail = `${setters} must not set securityContext.windowsOptions.hostProcess=true`;
  return { reason: 'hostProcess', detail };
}

/** The standard `baseline`: what opens the node to a pod. In the order of upstream's names. */
export const baselineChecks: readonly Check[] = [
  { since: 0, find: findAppArmor },
  { since: 0, coveredSince: 22, find: findCapabilities },
  { since: 0, find: findHostNamespaces },
  { since: 0, coveredSince: 0, find: findHostPaths },
  { since: 0, find: findHostPorts },
  { since: 34, find: findProbedHosts },
  { since: 0, find: findPrivileged },
  { since: 0, find: findProcMount },
  { since: 0, find: findSeLinux },
  { since: 0, coveredSince: 19, find: findSeccomp },
  { since: 0, find: findSysctls },
  { since: 0, find: findHostProcess },
];
