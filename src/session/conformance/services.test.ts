import { beforeAll, describe, expect, test } from 'vitest';
import type { PodStatus, Service, ServicePort, ServiceSpec } from '#generated/types/core.v1.ts';
import { Framework } from './testing/framework.ts';
import { agnhost, inGroup } from './testing/pods.ts';

const f = new Framework();
beforeAll(() => f.pass(60));

const isReady = (path: string) =>
  (f.get(path).status as PodStatus).conditions?.find(({ type }) => type === 'Ready')?.status === 'True';
const specOf = (path: string) => f.get(path).spec as ServiceSpec;

/** Makes a pod of upstream's image, and waits until it is ready. Returns its path. */
async function pod(
  core: string,
  name: string,
  args: readonly string[],
  labels: object = {},
  ports: readonly object[] = [],
): Promise<string> {
  const containers = [{ name: 'agnhost-container', image: agnhost, args, ports }];
  f.create(`${core}/pods`, {
    metadata: { name, labels },
    spec: { terminationGracePeriodSeconds: 0, containers },
  });
  await f.until(() => isReady(`${core}/pods/${name}`));
  return `${core}/pods/${name}`;
}

/** Pods that say who they are at port 9376. Returns their names. */
async function serveHostname(core: string, name: string, replicas: number): Promise<readonly string[]> {
  const containers = [{ name, image: agnhost, args: ['serve-hostname'], ports: [{ containerPort: 9376 }] }];
  f.create(`${core}/replicationcontrollers`, {
    metadata: { name },
    spec: {
      replicas,
      selector: { name },
      template: { metadata: { labels: { name } }, spec: { containers } },
    },
  });
  const names = () => f.names(`${core}/pods`, `name=${name}`);
  await f.until(() => names().length === replicas && names().every((one) => isReady(`${core}/pods/${one}`)));
  await f.pass(2);
  return names();
}

/** Addresses and ports of ready endpoints, by pod. */
const endpointsOf = (core: string, name: string): Readonly<Record<string, readonly number[]>> => {
  const { items } = f.get(`${inGroup(core, '/apis/discovery.k8s.io/v1')}/endpointslices`, {
    labelSelector: `kubernetes.io/service-name=${name}`,
  });
  const slices = items as unknown as {
    ports: { port: number }[] | null;
    endpoints: { targetRef: { name: string }; conditions: { ready: boolean } }[] | null;
  }[];
  const found: Record<string, number[]> = {};
  for (const { ports, endpoints } of slices)
    for (const { targetRef, conditions } of endpoints ?? [])
      if (conditions.ready)
        found[targetRef.name] = [...(found[targetRef.name] ?? []), ...(ports ?? []).map(({ port }) => port)];
  return found;
};

const untilEndpoints = (core: string, name: string, expected: Readonly<Record<string, readonly number[]>>) =>
  f.until(() => JSON.stringify(endpointsOf(core, name)) === JSON.stringify(expected));

/** The nodes' own addresses. */
const nodeAddresses = () =>
  f.get('/api/v1/nodes').items.map(({ status }) => {
    const { addresses } = status as { addresses: { type: string; address: string }[] };
    return addresses.find(({ type }) => type === 'InternalIP')!.address;
  });

/** Asks one address for its name, as upstream's tests do, with what answers both datagrams and HTTP. */
async function answers(exec: string, host: string, port: number, protocol = 'TCP'): Promise<boolean> {
  const flag = protocol === 'UDP' ? '-u' : '-t';
  const printed = await f.exec(exec, `echo hostName | nc ${flag} -w 2 ${host} ${port}`);
  return printed !== '' && !/refused|timed out|bad address/.test(printed);
}

/** A service is reached by its name, its address, and at its node ports on every node; or else by its alias. */
async function expectReachable(core: string, name: string, exec: string): Promise<void> {
  const { type, clusterIP, ports = [] } = specOf(`${core}/services/${name}`);
  if (type === 'ExternalName') {
    const printed = await f.exec(exec, `nslookup ${name}.${core.split('/').at(-1)}.svc.cluster.local`);
    expect(printed).toMatch(/Address: 10\./);
    return;
  }
  for (const { port, protocol, nodePort } of ports) {
    for (const host of [name, clusterIP!])
      expect([host, port, await answers(exec, host, port, protocol)]).toEqual([host, port, true]);
    if (nodePort === undefined) continue;
    for (const host of nodeAddresses())
      expect([host, nodePort, await answers(exec, host, nodePort, protocol)]).toEqual([host, nodePort, true]);
  }
}

const tcp = (port: number, targetPort: number | string = port, name?: string) => ({
  port,
  targetPort,
  protocol: 'TCP',
  ...(name !== undefined && { name }),
});

const service = (core: string, name: string, spec: object) =>
  f.create(`${core}/services`, { metadata: { name }, spec });

// Upstream: test/e2e/network/service.go
describe('sig-network/Services', () => {
  test('should serve a basic endpoint from pods', async () => {
    const core = await f.namespace();
    const name = 'endpoint-test2';
    const labels = { testid: name };
    service(core, name, { selector: labels, ports: [tcp(80)] });
    await untilEndpoints(core, name, {});
    const serve = (one: string) =>
      pod(core, one, ['netexec', '--http-port', '80'], labels, [{ containerPort: 80 }]);
    await serve('pod1');
    await untilEndpoints(core, name, { pod1: [80] });
    const exec = await pod(core, 'execpod', ['pause']);
    await expectReachable(core, name, exec);
    await serve('pod2');
    await untilEndpoints(core, name, { pod1: [80], pod2: [80] });
    await expectReachable(core, name, exec);
    f.delete(`${core}/pods/pod1`);
    await untilEndpoints(core, name, { pod2: [80] });
    await expectReachable(core, name, exec);
    f.delete(`${core}/pods/pod2`);
    await untilEndpoints(core, name, {});
    expect(await answers(exec, name, 80)).toBe(false);
  });

  test('should serve multiport endpoints from pods', async () => {
    const core = await f.namespace();
    const name = 'multi-endpoint-test';
    const labels = { testid: name };
    service(core, name, {
      selector: labels,
      ports: [tcp(80, 'svc1', 'portname1'), tcp(81, 'svc2', 'portname2')],
    });
    await untilEndpoints(core, name, {});
    const serve = (one: string, port: number, portName: string) =>
      pod(core, one, ['netexec', '--http-port', String(port)], labels, [
        { name: portName, containerPort: port },
      ]);
    await serve('pod1', 100, 'svc1');
    await untilEndpoints(core, name, { pod1: [100] });
    await serve('pod2', 101, 'svc2');
    await untilEndpoints(core, name, { pod1: [100], pod2: [101] });
    const exec = await pod(core, 'execpod', ['pause']);
    await expectReachable(core, name, exec);
    f.delete(`${core}/pods/pod1`);
    await untilEndpoints(core, name, { pod2: [101] });
    expect([await answers(exec, name, 80), await answers(exec, name, 81)]).toEqual([false, true]);
    f.delete(`${core}/pods/pod2`);
    await untilEndpoints(core, name, {});
  });

  test('should serve endpoints on same port and different protocols', async () => {
    const core = await f.namespace();
    const name = 'multiprotocol-test';
    const labels = { testid: name };
    service(core, name, { selector: labels, ports: [tcp(80, 80, 'tcp')] });
    const udp = { name: 'udp', port: 80, targetPort: 80, protocol: 'UDP' };
    const args = ['netexec', '--http-port=80', '--udp-port=80'];
    await pod(core, 'pod1', args, labels, [
      { containerPort: 80, protocol: 'TCP' },
      { containerPort: 80, protocol: 'UDP' },
    ]);
    await untilEndpoints(core, name, { pod1: [80] });
    const exec = await pod(core, 'execpod', ['pause']);
    const reached = async () => [await answers(exec, name, 80, 'TCP'), await answers(exec, name, 80, 'UDP')];
    const setPorts = async (ports: readonly object[]) => {
      f.patch(`${core}/services/${name}`, { spec: { ports } });
      await f.pass(3);
    };
    expect(await reached()).toEqual([true, false]);
    await setPorts([tcp(80, 80, 'tcp'), udp]);
    expect(await reached()).toEqual([true, true]);
    await setPorts([udp]);
    expect(await reached()).toEqual([false, true]);
    f.delete(`${core}/pods/pod1`);
    await untilEndpoints(core, name, {});
  });

  test('should be able to create a functioning NodePort service', async () => {
    const core = await f.namespace();
    const name = 'nodeport-test';
    await serveHostname(core, name, 2);
    service(core, name, { type: 'NodePort', selector: { name }, ports: [tcp(80, 9376, 'http')] });
    await f.pass(2);
    const exec = await pod(core, 'execpod', ['pause']);
    await expectReachable(core, name, exec);
  });

  /** A service that becomes one of pods, from one that is only an alias. */
  async function fromExternalName(type: 'ClusterIP' | 'NodePort'): Promise<void> {
    const core = await f.namespace();
    const name = 'externalname-service';
    const external = { type: 'ExternalName', externalName: 'foo.example.com' };
    expect((service(core, name, external).spec as ServiceSpec).clusterIP).toBeUndefined();
    const ports = [tcp(80, 9376, 'http')];
    f.patch(`${core}/services/${name}`, { spec: { type, ports, externalName: null, selector: { name } } });
    expect(specOf(`${core}/services/${name}`).clusterIP).toMatch(/^10\./);
    await serveHostname(core, name, 2);
    const exec = await pod(core, 'execpod', ['pause']);
    await expectReachable(core, name, exec);
  }

  test('should be able to change the type from ExternalName to ClusterIP', () =>
    fromExternalName('ClusterIP'));

  test('should be able to change the type from ExternalName to NodePort', () => fromExternalName('NodePort'));

  /** A service of pods that becomes an alias of another one. */
  async function toExternalName(type: 'ClusterIP' | 'NodePort'): Promise<void> {
    const core = await f.namespace();
    const name = 'clusterip-service';
    service(core, name, { type, selector: { name: 'externalsvc' }, ports: [tcp(80, 9376, 'http')] });
    await serveHostname(core, 'externalsvc', 2);
    service(core, 'externalsvc', { selector: { name: 'externalsvc' }, ports: [tcp(80, 9376)] });
    const exec = await pod(core, 'execpod', ['pause']);
    await expectReachable(core, name, exec);
    const before = specOf(`${core}/services/${name}`);
    const externalName = `externalsvc.${core.split('/').at(-1)}.svc.cluster.local`;
    f.patch(`${core}/services/${name}`, { spec: { type: 'ExternalName', externalName } });
    const after = specOf(`${core}/services/${name}`);
    expect([after.clusterIP, after.ports?.map(({ nodePort }) => nodePort)]).toEqual([undefined, [undefined]]);
    await f.pass(2);
    await expectReachable(core, name, exec);
    expect(await answers(exec, before.clusterIP!, 80)).toBe(false);
    expect(await answers(exec, name, 9376)).toBe(false);
    expect(await answers(exec, name, 80)).toBe(true);
  }

  test('should be able to change the type from ClusterIP to ExternalName', () => toExternalName('ClusterIP'));
  test('should be able to change the type from NodePort to ExternalName', () => toExternalName('NodePort'));

  /** Who answers a number of requests from one pod. */
  async function hosts(exec: string, address: string, port: number): Promise<ReadonlySet<string>> {
    const loop = `for i in $(seq 1 16); do curl -q -s --connect-timeout 2 http://${address}:${port}/; echo; done`;
    return new Set((await f.exec(exec, loop)).trim().split('\n'));
  }

  /** A service whose clients stay with the pod that they first met, from wherever it is called. */
  async function affine(type: 'ClusterIP' | 'NodePort', sessionAffinity: string) {
    const core = await f.namespace();
    const name = 'affinity';
    const pods = await serveHostname(core, name, 3);
    const { spec } = service(core, name, {
      type,
      selector: { name },
      sessionAffinity,
      ports: [tcp(80, 9376)],
    }) as unknown as Service;
    await f.pass(2);
    const exec = await pod(core, 'execpod-affinity', ['pause']);
    const port = (spec.ports as ServicePort[])[0]!;
    const [address, number] =
      type === 'NodePort' ? [nodeAddresses()[0]!, port.nodePort!] : [spec.clusterIP!, port.port];
    const who = () => hosts(exec, address, number);
    const set = async (change: object) => {
      f.patch(`${core}/services/${name}`, { spec: change });
      await f.pass(2);
    };
    return { pods, who, set };
  }

  async function staysWithOne(type: 'ClusterIP' | 'NodePort'): Promise<void> {
    const { pods, who, set } = await affine(type, 'ClientIP');
    const first = await who();
    expect(first.size).toBe(1);
    expect(pods).toContain([...first][0]);
    await f.pass(600);
    expect(await who()).toEqual(first);
    // A client that was silent for longer than the service remembers begins anew.
    await set({ sessionAffinityConfig: { clientIP: { timeoutSeconds: 10 } } });
    const met = new Set<string>();
    for (let tries = 0; tries < 12; tries++) {
      const now = await who();
      expect(now.size).toBe(1);
      for (const host of now) met.add(host);
      await f.pass(11);
    }
    expect(met.size).toBeGreaterThan(1);
  }

  test('should have session affinity work for service with type clusterIP', () => staysWithOne('ClusterIP'));
  test('should have session affinity work for NodePort service', () => staysWithOne('NodePort'));

  async function switches(type: 'ClusterIP' | 'NodePort'): Promise<void> {
    const { who, set } = await affine(type, 'None');
    expect((await who()).size).toBeGreaterThan(1);
    await set({ sessionAffinity: 'ClientIP' });
    expect((await who()).size).toBe(1);
    await set({ sessionAffinity: 'None' });
    expect((await who()).size).toBeGreaterThan(1);
  }

  test('should be able to switch session affinity for service with type clusterIP', () =>
    switches('ClusterIP'));
  test('should be able to switch session affinity for NodePort service', () => switches('NodePort'));
});

// Upstream: test/e2e/network/hostport.go
describe('sig-network/HostPort', () => {
  test('validates that there is no conflict between pods with same hostPort but different hostIP and protocol', async () => {
    const core = await f.namespace();
    const nodeName = 'node-1';
    const { addresses } = f.get(`/api/v1/nodes/${nodeName}`).status as {
      addresses: { type: string; address: string }[];
    };
    const hostIp = addresses.find(({ type }) => type === 'InternalIP')!.address;
    const port = 54_323;
    const make = async (name: string, hostIP: string, protocol: string) => {
      const args = ['netexec', '--http-port=8080', '--udp-port=8080'];
      const ports = [{ hostPort: port, containerPort: 8080, protocol, hostIP }];
      f.create(`${core}/pods`, {
        metadata: { name },
        spec: { nodeName, containers: [{ name: 'agnhost', image: agnhost, args, ports }] },
      });
      await f.until(() => isReady(`${core}/pods/${name}`));
    };
    await make('pod1', '127.0.0.1', 'TCP');
    await make('pod2', hostIp, 'TCP');
    await make('pod3', hostIp, 'UDP');
    f.create(`${core}/pods`, {
      metadata: { name: 'e2e-host-exec' },
      spec: { nodeName, hostNetwork: true, containers: [{ name: 'c', image: agnhost, args: ['pause'] }] },
    });
    const exec = `${core}/pods/e2e-host-exec`;
    await f.until(() => isReady(exec));
    const get = (address: string) =>
      f.exec(exec, `curl -s -g --connect-timeout 5 --interface ${hostIp} http://${address}:${port}/hostname`);
    expect(await get('127.0.0.1')).toBe('pod1');
    expect(await get(hostIp)).toBe('pod2');
    expect(await f.exec(exec, `echo hostname | nc -u -w 5 ${hostIp} ${port}`)).toBe('pod3');
  });
});
