// Upstream: pkg/kubelet/kuberuntime/security_context.go, pkg/kubelet/sysctl/allowlist.go
import type { Container, ContainerStatus, Pod, SecurityContext } from '#generated/types/core.v1.ts';
import type { FileSystem } from '#world/machine/fileSystem.ts';
import { type User, UserFiles } from '#world/machine/userFiles.ts';
import type { Rejection } from './podAdmission.ts';
import { ContainerConfigError } from './startErrors.ts';

type Effective = Pick<SecurityContext, 'runAsUser' | 'runAsGroup' | 'runAsNonRoot'>;

/** What a container's processes run as: its own fields come before the pod's. */
function effective(pod: Pod, { securityContext: own }: Container): Effective {
  const { securityContext: shared = {} } = pod.spec;
  const runAsUser = own?.runAsUser ?? shared.runAsUser;
  const runAsGroup = own?.runAsGroup ?? shared.runAsGroup;
  const runAsNonRoot = own?.runAsNonRoot ?? shared.runAsNonRoot;
  return {
    ...(runAsUser !== undefined && { runAsUser }),
    ...(runAsGroup !== undefined && { runAsGroup }),
    ...(runAsNonRoot !== undefined && { runAsNonRoot }),
  };
}

/** The user that a container's fields name; undefined where they leave it to the image. */
export function effectiveUser(pod: Pod, container: Container): number | undefined {
  return effective(pod, container).runAsUser;
}

/** Every simulated image runs as root unless it is told otherwise. Throws ContainerConfigError. */
export function checkNonRoot(pod: Pod, container: Container): void {
  const { runAsUser, runAsNonRoot } = effective(pod, container);
  if (runAsNonRoot !== true || (runAsUser !== undefined && runAsUser !== 0)) return;
  const { name, namespace, uid } = pod.metadata;
  const why =
    runAsUser === 0
      ? "container's runAsUser breaks non-root policy"
      : 'container has runAsNonRoot and image will run as root';
  throw new ContainerConfigError(
    'CreateContainerConfigError',
    `${why} (pod: "${name}_${namespace}(${uid})", container: ${container.name})`,
  );
}

/** What a running container's status says of its processes. */
export function userOf(pod: Pod, container: Container): ContainerStatus['user'] {
  const { runAsUser: uid = 0, runAsGroup: gid = 0 } = effective(pod, container);
  const { fsGroup, supplementalGroups = [] } = pod.spec.securityContext ?? {};
  const groups = [gid, ...supplementalGroups, ...(fsGroup === undefined ? [] : [fsGroup])];
  return { linux: { gid, supplementalGroups: [...new Set(groups)].sort((a, b) => a - b), uid } };
}

/** The files as the container's processes have them, and who these are to the kernel. */
export function enter(pod: Pod, container: Container, files: FileSystem): { files: FileSystem; user: User } {
  const { uid, gid, supplementalGroups: groups = [] } = userOf(pod, container)!.linux!;
  const user = { uid, gid, groups };
  if (uid === 0) return { files, user };
  // The kubelet makes the file for everybody, whoever will write to it.
  const path = container.terminationMessagePath || '/dev/termination-log';
  if (files.status(path) === null) {
    files.makeDirectory(path.slice(0, path.lastIndexOf('/')) || '/', { parents: true });
    files.write(path, '');
    files.setAccess(path, { mode: 0o666 });
  }
  return { files: new UserFiles(files, user), user };
}

/** What processes find in `/proc` of who they are, and of the pod's kernel parameters. */
export function writeProc(pod: Pod, container: Container, files: FileSystem): void {
  const { uid, gid, supplementalGroups = [] } = userOf(pod, container)!.linux!;
  const line = (name: string, id: number) => `${name}:\t${id}\t${id}\t${id}\t${id}\n`;
  files.makeDirectory('/proc/self', { parents: true });
  files.write(
    '/proc/self/status',
    `${line('Uid', uid)}${line('Gid', gid)}Groups:\t${supplementalGroups.join(' ')}\n`,
  );
  for (const { name, value } of pod.spec.securityContext?.sysctls ?? []) {
    const path = `/proc/sys/${name.replaceAll('.', '/')}`;
    files.makeDirectory(path.slice(0, path.lastIndexOf('/')), { parents: true });
    files.write(path, `${value}\n`);
  }
}

/** Parameters that are a pod's own and can hurt nobody else. */
const safeSysctls = new Set([
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.ping_group_range',
  'net.ipv4.ip_unprivileged_port_start',
  'net.ipv4.ip_local_reserved_ports',
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
  'net.ipv4.tcp_rmem',
  'net.ipv4.tcp_wmem',
]);

/** A kubelet takes no pod with parameters that nobody has allowed on it. */
export function admitSysctls({ spec }: Pod): Rejection | null {
  const { sysctls = [] } = spec.securityContext ?? {};
  const forbidden = sysctls.find(({ name }) => !safeSysctls.has(name.replaceAll('/', '.')));
  if (forbidden === undefined) return null;
  return { reason: 'SysctlForbidden', message: `forbidden sysctl: "${forbidden.name}" not allowlisted` };
}
