// Upstream: cmd/kubeadm/app/phases/certs/renewal, cmd/kubeadm/app/cmd/certs.go
import { shortHumanDuration } from '#kubernetes/apimachinery/duration.ts';
import type { FileSystem } from '#world/machine/fileSystem.ts';
import type { Process } from '#world/machine/program.ts';
import { printerOf } from './printer.ts';
import { tabular } from './tabular.ts';

const dayMs = 86_400_000;
/** Upstream: constants.CertificateValidityPeriod and CACertificateValidityPeriod. */
const lifetimeMs = 365 * dayMs;
const authorityLifetimeMs = 10 * 365 * dayMs;

/** Where each certificate is, and who signed it. */
const certificates: Readonly<Record<string, readonly [path: string, authority: string]>> = {
  'admin.conf': ['admin.conf', 'ca'],
  apiserver: ['pki/apiserver.crt', 'ca'],
  'apiserver-etcd-client': ['pki/apiserver-etcd-client.crt', 'etcd-ca'],
  'apiserver-kubelet-client': ['pki/apiserver-kubelet-client.crt', 'ca'],
  'controller-manager.conf': ['controller-manager.conf', 'ca'],
  'etcd-healthcheck-client': ['pki/etcd/healthcheck-client.crt', 'etcd-ca'],
  'etcd-peer': ['pki/etcd/peer.crt', 'etcd-ca'],
  'etcd-server': ['pki/etcd/server.crt', 'etcd-ca'],
  'front-proxy-client': ['pki/front-proxy-client.crt', 'front-proxy-ca'],
  'scheduler.conf': ['scheduler.conf', 'ca'],
  'super-admin.conf': ['super-admin.conf', 'ca'],
};
const authorities: Readonly<Record<string, string>> = {
  ca: 'pki/ca.crt',
  'etcd-ca': 'pki/etcd/ca.crt',
  'front-proxy-ca': 'pki/front-proxy-ca.crt',
};

const pathOf = (path: string) => `/etc/kubernetes/${path}`;

/** A certificate is valid for a year from when its file was written: writing it again renews it. */
export function renew(files: FileSystem, name: string): void {
  const path = pathOf(certificates[name]![0]);
  if (files.status(path) !== null) files.write(path, files.read(path));
}

/** `kubeadm certs check-expiration` */
export async function checkExpiration(process: Process): Promise<void> {
  const { files, simulation } = process;
  const print = printerOf(process);
  await print(
    '[check-expiration] Reading configuration from the "kubeadm-config" ConfigMap in namespace "kube-system"...',
  );
  await print(
    "[check-expiration] Use 'kubeadm init phase upload-config kubeadm --config your-config-file' to re-upload it.",
  );
  await print('');
  const row = (name: string, path: string, ms: number, ...rest: string[]) => {
    const status = files.status(pathOf(path));
    if (status === null) return [`!MISSING! ${name}`, '', '', ...rest.map(() => '')];
    const endMs = status.modifiedMs + ms;
    return [name, formatDate(endMs), shortHumanDuration(endMs - simulation.nowMs), ...rest];
  };
  const own = Object.entries(certificates).map(([name, [path, authority]]) =>
    row(name, path, lifetimeMs, authority, 'no'),
  );
  const signers = Object.entries(authorities).map(([name, path]) =>
    row(name, path, authorityLifetimeMs, 'no'),
  );
  const heads = ['EXPIRES', 'RESIDUAL TIME'];
  await process.stdout.write(
    `${tabular([['CERTIFICATE', ...heads, 'CERTIFICATE AUTHORITY', 'EXTERNALLY MANAGED'], ...own])}\n${tabular([['CERTIFICATE AUTHORITY', ...heads, 'EXTERNALLY MANAGED'], ...signers])}`,
  );
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `Jan 05, 2027 09:00 UTC` */
function formatDate(ms: number): string {
  const time = new Date(ms).toISOString();
  return `${months[Number(time.slice(5, 7)) - 1]} ${time.slice(8, 10)}, ${time.slice(0, 4)} ${time.slice(11, 16)} UTC`;
}
