// Upstream: what the components print at their default verbosity; files and lines as in the releases 1.34 to 1.36, and
// etcd 3.5, where they were seen. What they say of parts that are not simulated is left out.
import { services } from '#kubernetes/api/core/service.ts';
import { klogHeader } from '#kubernetes/apimachinery/klog.ts';
import type { ContainerScope } from '#world/machine/image.ts';
import { securePort } from './apiFront.ts';
import type { Cluster } from './cluster.ts';

type Line = readonly [source: string, text: string, severity?: 'E' | 'F'];

const golang = '"Golang settings" GOGC="" GOMAXPROCS="" GOTRACEBACK=""';
const cert: Line = ['serving.go:386', 'Generated self-signed cert in-memory'];
const tls: Line = ['tlsconfig.go:243', '"Starting DynamicServingCertificateController"'];
const authorities: readonly Line[] = [
  'request-header::/etc/kubernetes/pki/front-proxy-ca.crt',
  'client-ca-bundle::/etc/kubernetes/pki/ca.crt',
].map((name) => ['dynamic_cafile_content.go:161', `"Starting controller" name="${name}"`]);
const serving = (address: string): Line => ['secure_serving.go:211', `Serving securely on ${address}`];

function synced(controller: string): Line {
  return ['shared_informer.go:388', `"Caches are synced" controller="${controller}"`];
}

function starting(line: number, controller: string): readonly Line[] {
  return [
    [`config.go:${line}`, `"Starting ${controller} controller"`],
    ['shared_informer.go:381', `"Waiting for caches to sync" controller="${controller}"`],
  ];
}

const nodePorts =
  '"Kube-proxy configuration may be incomplete or incorrect" err="nodePortAddresses is unset; NodePort connections will be accepted on all local IPs. Consider using `--nodeport-addresses primary`"';

/** By component: its lines, given its release and its address. */
const lines: Readonly<Record<string, (version: string, address: string) => readonly Line[]>> = {
  'kube-apiserver': (version, address) => [
    ['options.go:263', `external host was not specified, using ${address}`],
    ['server.go:150', `Version: ${version}`],
    ['server.go:152', golang],
    ...authorities,
    serving(`[::]:${securePort}`),
    tls,
    ['storage_scheduling.go:111', 'all system priority classes are created successfully or already exist.'],
  ],
  'kube-controller-manager': (version) => [
    cert,
    ['controllermanager.go:188', `"Starting" version="${version}"`],
    ['controllermanager.go:190', golang],
    ...authorities,
    serving('127.0.0.1:10257'),
    tls,
  ],
  'kube-scheduler': (version) => [
    cert,
    ['server.go:175', `"Starting Kubernetes Scheduler" version="${version}"`],
    ['server.go:177', golang],
    serving('127.0.0.1:10259'),
    tls,
  ],
  'kube-proxy': (version, address) => [
    ['shared_informer.go:402', '"Waiting for caches to sync"'],
    ['shared_informer.go:409', '"Caches are synced"'],
    ['server.go:228', `"Successfully retrieved NodeIPs" NodeIPs=["${address}"]`],
    ['server.go:265', nodePorts, 'E'],
    ['server_linux.go:144', '"Using iptables Proxier"'],
    ['server.go:539', `"Version info" version="${version}"`],
    ['server.go:541', golang],
    ...starting(200, 'service config'),
    ...starting(106, 'endpoint slice config'),
    ...starting(403, 'serviceCIDR config'),
    ...starting(309, 'node config'),
    ...['node config', 'serviceCIDR config', 'endpoint slice config', 'service config'].map(synced),
  ],
};

/** How many of its lines one prints that cannot go on, and what it says then; the scheduler has said that itself. */
const failures: Readonly<Record<string, readonly [count: number, last: readonly Line[]]>> = {
  'kube-apiserver': [
    3,
    [
      [
        'instance.go:226',
        'Error creating leases: error creating storage factory: context deadline exceeded',
        'F',
      ],
    ],
  ],
  'kube-scheduler': [1, []],
};

/** etcd writes JSON. */
function etcdLog(
  startedMs: number,
  { args, imageTag, hostname, network }: ContainerScope,
  hasServed: boolean,
): string {
  const ts = new Date(startedMs).toISOString().replace('Z', '000Z');
  const line = (caller: string, msg: string, more: object = {}) =>
    `${JSON.stringify({ level: 'info', ts, caller, msg, ...more })}\n`;
  const version = imageTag.replace(/-\d+$/, '');
  const all = [
    line('etcdmain/etcd.go:73', 'Running: ', { args }),
    line('embed/etcd.go:306', 'starting an etcd server', { 'etcd-version': version, name: hostname }),
    line('embed/serve.go:103', 'ready to serve client requests'),
    ...['127.0.0.1', network.address].map((address) =>
      line('embed/serve.go:250', 'serving client traffic securely', { address: `${address}:2379` }),
    ),
  ];
  return all.slice(0, hasServed ? all.length : 2).join('');
}

function startLog(name: string, startedMs: number, container: ContainerScope, hasServed: boolean): string {
  if (name === 'etcd') return etcdLog(startedMs, container, hasServed);
  const all = lines[name]?.(container.imageTag, container.address) ?? [];
  const whole = [all.length, []] as const;
  const [count, last]: readonly [number, readonly Line[]] = hasServed ? whole : (failures[name] ?? whole);
  const printed: readonly Line[] = [...all.slice(0, count), ...last];
  return printed
    .map(([source, text, severity]) => `${klogHeader(severity ?? 'I', startedMs, 1, source)}${text}\n`)
    .join('');
}

/** From now on components print what upstream's do. */
export function printLogs(cluster: Cluster): void {
  cluster.startLog = (name, startedMs, container) =>
    startLog(
      name,
      startedMs,
      container,
      cluster.controlPlanes.some((plane) => plane.hasServed(container)),
    );
  cluster.nodes.informers.of(services).onChange((now, before) => {
    const address = now?.spec.clusterIP ?? '';
    if (now === undefined || before !== undefined || address === '' || address === 'None') return;
    const key = `${now.metadata.namespace}/${now.metadata.name}`;
    const line = `"allocated clusterIPs" service="${key}" clusterIPs={"IPv4":"${address}"}`;
    const front = cluster.route('');
    const plane = cluster.controlPlanes.find((one) => one.front === front);
    plane?.log('kube-apiserver', (atMs) => `${klogHeader('I', atMs, 1, 'alloc.go:329')}${line}\n`);
  });
}
