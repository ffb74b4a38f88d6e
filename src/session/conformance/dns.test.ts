import { beforeAll, describe, expect, test } from 'vitest';
import type { PodStatus, ServiceSpec } from '#generated/types/core.v1.ts';
import { Framework } from './testing/framework.ts';
import { agnhost } from './testing/pods.ts';

const f = new Framework();
beforeAll(() => f.pass(60));

const jessie = 'registry.k8s.io/e2e-test-images/jessie-dnsutils:1.7';
const zone = 'cluster.local';
const isReady = (path: string) =>
  (f.get(path).status as PodStatus).conditions?.find(({ type }) => type === 'Ready')?.status === 'True';

/** What one container tries again and again, and where it leaves word of what went well. */
interface Probe {
  readonly script: string;
  readonly files: readonly string[];
}

/** Asks for names by UDP and TCP, for hosts' entries, and for the name of an address. */
function probe(prefix: string, names: readonly string[], hosts: readonly string[] = [], address = ''): Probe {
  const files: string[] = [];
  const steps: string[] = [];
  const ask = (file: string, question: string) => {
    files.push(file);
    steps.push(`${question} && echo OK > /results/${file};`);
  };
  const digs = (name: string, file: (protocol: string) => string) => {
    for (const [protocol, flag] of [
      ['udp', '+notcp'],
      ['tcp', '+tcp'],
    ] as const)
      ask(file(protocol), `check="$$(dig ${flag} +noall +answer +search ${name})" && test -n "$$check"`);
  };
  for (const name of names)
    digs(`${name} ${name.startsWith('_') ? 'SRV' : 'A'}`, (protocol) => `${prefix}_${protocol}@${name}`);
  for (const name of hosts) ask(`${prefix}_hosts@${name}`, `test -n "$$(getent hosts ${name})"`);
  const reversed = `${address.split('.').toReversed().join('.')}.in-addr.arpa.`;
  if (address !== '') digs(`${reversed} PTR`, (protocol) => `${prefix}_${address}_${protocol}@PTR`);
  return { files, script: `for i in \`seq 1 600\`; do ${steps.join('')}sleep 1; done` };
}

/** Asks for one kind of record. */
const targeted = (prefix: string, name: string, type: string): Probe => ({
  files: [`${prefix}_udp@${name}`],
  script: `for i in \`seq 1 30\`; do dig +short ${name} ${type} > /results/${prefix}_udp@${name}; sleep 1; done`,
});

let pods = 0;

/** Runs probes in two images, and waits until each of their files says what it should, as read through a web server. */
async function validate(
  core: string,
  probeOf: (prefix: string) => Probe,
  expected: string,
  pod: { hostname?: string; subdomain?: string; labels?: object } = {},
): Promise<void> {
  const name = `dns-test-${++pods}`;
  const volumeMounts = [{ name: 'results', mountPath: '/results' }];
  const probes = { agnhost: probeOf('agnhost'), jessie: probeOf('jessie') };
  const querier = (prefix: keyof typeof probes, image: string) => ({
    name: `${prefix}-querier`,
    image,
    command: ['sh', '-c', probes[prefix].script],
    volumeMounts,
  });
  const { labels, hostname = 'dns-querier-1', subdomain = 'dns-test-service' } = pod;
  f.create(`${core}/pods`, {
    metadata: { name, ...(labels && { labels }) },
    spec: {
      hostname,
      subdomain,
      terminationGracePeriodSeconds: 0,
      volumes: [{ name: 'results', emptyDir: {} }],
      containers: [
        { name: 'webserver', image: agnhost, args: ['test-webserver'], volumeMounts },
        querier('agnhost', agnhost),
        querier('jessie', jessie),
      ],
    },
  });
  await f.until(() => isReady(`${core}/pods/${name}`));
  const path = `${core}/pods/${name}/proxy/results`;
  for (const file of [...probes.agnhost.files, ...probes.jessie.files]) {
    const read = () => f.send('GET', `${path}/${file}`);
    await f.until(() => read().status === 200 && read().body !== '');
    expect([file, read().body]).toEqual([file, `${expected}\n`]);
  }
  f.delete(`${core}/pods/${name}`);
}

const service = (core: string, name: string, spec: Partial<ServiceSpec>) =>
  f.create(`${core}/services`, {
    metadata: { name },
    spec: { ports: [{ port: 80, name: 'http', protocol: 'TCP' }], ...spec },
  });

const namespaceOf = (core: string) => core.split('/').at(-1)!;

// Upstream: test/e2e/network/{dns,dns_common}.go
describe('sig-network/DNS', () => {
  test('should provide DNS for the cluster', async () => {
    const core = await f.namespace();
    await validate(core, (prefix) => probe(prefix, [`kubernetes.default.svc.${zone}`]), 'OK');
  });

  test('should provide /etc/hosts entries for the cluster', async () => {
    const core = await f.namespace();
    const full = `dns-querier-1.dns-test-service.${namespaceOf(core)}.svc.${zone}`;
    await validate(core, (prefix) => probe(prefix, [], [full, 'dns-querier-1']), 'OK');
  });

  /** A headless and a plain service over the pods that ask. Returns the plain one's address. */
  function servicesOver(core: string, labels: Readonly<Record<string, string>>): string {
    service(core, 'dns-test-service', { clusterIP: 'None', selector: labels });
    const { spec } = service(core, 'test-service-2', { selector: labels });
    return (spec as ServiceSpec).clusterIP!;
  }

  test('should provide DNS for services', async () => {
    const core = await f.namespace();
    const labels = { 'dns-test': 'true' };
    const address = servicesOver(core, labels);
    const [headless, plain] = ['dns-test-service', 'test-service-2'].map(
      (name) => `${name}.${namespaceOf(core)}.svc.${zone}`,
    );
    const names = [headless!, `_http._tcp.${headless}`, `_http._tcp.${plain}`];
    await validate(core, (prefix) => probe(prefix, names, [], address), 'OK', { labels });
  });

  test('should resolve DNS of partial qualified names for services', async () => {
    const core = await f.namespace();
    const labels = { 'dns-test': 'true' };
    const address = servicesOver(core, labels);
    const namespace = namespaceOf(core);
    const names = [
      'dns-test-service',
      `dns-test-service.${namespace}`,
      `dns-test-service.${namespace}.svc`,
      `_http._tcp.dns-test-service.${namespace}.svc`,
      `_http._tcp.test-service-2.${namespace}.svc`,
    ];
    await validate(core, (prefix) => probe(prefix, names, [], address), 'OK', { labels });
  });

  /** A pod with a name of its own below a headless service. */
  async function named(probeOf: (full: string, subdomain: string) => (prefix: string) => Probe) {
    const core = await f.namespace();
    const labels = { 'dns-test-hostname-attribute': 'true' };
    const [hostname, subdomain] = ['dns-querier-2', 'dns-test-service-2'];
    service(core, subdomain, { clusterIP: 'None', selector: labels });
    const below = `${subdomain}.${namespaceOf(core)}.svc.${zone}`;
    await validate(core, probeOf(`${hostname}.${below}`, below), 'OK', { labels, hostname, subdomain });
  }

  test('should provide DNS for pods for Hostname', () =>
    named((full) => (prefix) => probe(prefix, [], [full, 'dns-querier-2'])));

  test('should provide DNS for pods for Subdomain', () =>
    named((full, subdomain) => (prefix) => probe(prefix, [full, subdomain])));

  test('should provide DNS for ExternalName services', async () => {
    const core = await f.namespace();
    const name = 'dns-test-service-3';
    const full = `${name}.${namespaceOf(core)}.svc.${zone}`;
    const cname = (prefix: string) => targeted(prefix, full, 'CNAME');
    f.create(`${core}/services`, {
      metadata: { name },
      spec: { type: 'ExternalName', externalName: 'foo.example.com' },
    });
    await f.pass(1);
    await validate(core, cname, 'foo.example.com.');
    f.patch(`${core}/services/${name}`, { spec: { externalName: 'bar.example.com' } });
    await f.pass(1);
    await validate(core, cname, 'bar.example.com.');
    const ports = [{ port: 80, name: 'http', protocol: 'TCP' }];
    const changed = f.patch(`${core}/services/${name}`, { spec: { type: 'ClusterIP', ports } });
    await f.pass(1);
    const { clusterIP } = changed.spec as ServiceSpec;
    await validate(core, (prefix) => targeted(prefix, full, 'A'), clusterIP!);
  });

  test('should support configurable pod DNS nameservers', async () => {
    const core = await f.namespace();
    const path = `${core}/pods/test-dns-nameservers`;
    f.create(`${core}/pods`, {
      metadata: { name: 'test-dns-nameservers' },
      spec: {
        containers: [{ name: 'agnhost-container', image: agnhost, args: ['pause'] }],
        dnsPolicy: 'None',
        dnsConfig: { nameservers: ['1.1.1.1'], searches: ['resolv.conf.local'] },
      },
    });
    await f.until(() => isReady(path));
    expect(await f.exec(path, '/agnhost dns-suffix')).toBe('resolv.conf.local\n');
    expect(await f.exec(path, '/agnhost dns-server-list')).toBe('1.1.1.1\n');
  });
});
