import '#images/installedTools.ts';
import type { Event, Node, Pod } from '#generated/types/core.v1.ts';
import { images } from '#images/registry.ts';
import { SimulatedRegistry } from '#images/simulatedRegistry.ts';
import { configMaps } from '#kubernetes/api/core/configMap.ts';
import { encodeBase64 } from '#kubernetes/api/base64.ts';
import { secrets } from '#kubernetes/api/core/secret.ts';
import { events } from '#kubernetes/api/core/event.ts';
import { namespaces } from '#kubernetes/api/core/namespace.ts';
import { nodes as kinds } from '#kubernetes/api/core/node.ts';
import { pods } from '#kubernetes/api/core/pod.ts';
import { serviceAccounts } from '#kubernetes/api/core/serviceAccount.ts';
import type { KubeObject, New } from '#kubernetes/api/object.ts';
import type { ExecMessage } from '#kubernetes/api/request.ts';
import { laterParts } from '#kubernetes/apiserver/laterParts.ts';
import { ApiServer } from '#kubernetes/apiserver/server.ts';
import { Client } from '#kubernetes/client/client.ts';
import { Informers } from '#kubernetes/client/informer.ts';
import { Etcd } from '#kubernetes/etcd/etcd.ts';
import { runWithHops } from '#sim/deferred.ts';
import { Simulation } from '#sim/simulation.ts';
import type { ImageRegistry } from '#world/machine/image.ts';
import { Network } from '#world/network/network.ts';
import { KubeProxy } from '../kubeProxy.ts';
import { ServiceTable } from '../serviceTable.ts';
import { Kubelet } from '../kubelet.ts';
import { KubeletServer } from '../kubeletServer.ts';
import { laterParts as kubeletParts } from '../laterParts.ts';
import { NodeFleet } from '../nodeFleet.ts';
import type { NodeIdentity } from '../nodeStatus.ts';

export const startMs = Date.UTC(2026, 10, 21, 8, 0, 0);

const hop = () => new Promise<void>((resolve) => setImmediate(resolve));

/** An API server with nodes and nothing else: pods are bound by hand. */
export class TestNodes {
  readonly simulation = new Simulation({ seed: 'test', startMs });
  readonly server: ApiServer;
  readonly client: Client;
  readonly network = new Network();
  readonly informers: Informers;
  readonly fleet: NodeFleet;
  readonly kubelets: Kubelet[] = [];
  readonly table: ServiceTable;

  constructor(options: { nodes?: number; registry?: ImageRegistry; gpus?: NodeIdentity['gpus'] } = {}) {
    const { simulation, network } = this;
    const etcd = new Etcd<KubeObject>(simulation);
    this.server = new ApiServer({ simulation, etcd });
    this.server.install(laterParts);
    this.client = new Client(this.server.handle, { name: 'admin', groups: ['system:masters'] });
    for (const name of ['default', 'kube-system', 'kube-node-lease']) {
      this.client.create(namespaces, { metadata: { name }, spec: {} });
      this.client.create(serviceAccounts, { metadata: { name: 'default', namespace: name } });
    }
    this.informers = new Informers(simulation, this.client);
    const registry = options.registry ?? new SimulatedRegistry(images);
    this.fleet = new NodeFleet({ simulation, network, registry, informers: this.informers });
    this.fleet.install(kubeletParts);
    this.fleet.devices!.follow(this.informers.of(kinds));
    this.informers.start();
    const { serve } = new KubeletServer(this.fleet, this.client);
    for (const name of ['log', 'exec', 'attach'])
      this.server.extensions.subresources.set(`pods/${name}`, serve);
    for (let i = 0; i < (options.nodes ?? 1); i++) this.#addNode(i + 1, options.gpus);
    this.table = new ServiceTable(this.informers, this.network);
  }

  #addNode(number: number, gpus: NodeIdentity['gpus']): void {
    const name = `node-${number}`;
    const user = { name: `system:node:${name}`, groups: ['system:nodes'] };
    const kubelet = new Kubelet({
      fleet: this.fleet,
      client: new Client(this.server.handle, user),
      identity: {
        name,
        address: `192.168.0.${10 + number}`,
        podCidr: `10.244.${number}.0/24`,
        version: 'v1.36.0',
        size: { cpu: '4', memory: '8Gi', ephemeralStorage: '100Gi', pods: 110 },
        labels: {},
        taints: [],
        gpus,
      },
    });
    this.kubelets.push(kubelet);
    kubelet.start();
  }

  /** Creates a pod on a node. */
  run(
    spec: Pod['spec'],
    more: {
      name?: string;
      node?: number;
      labels?: Record<string, string>;
      annotations?: Record<string, string>;
    } = {},
  ): Pod {
    const { name = 'web', node = 1, labels, annotations } = more;
    const pod: New<Pod> = {
      metadata: {
        name,
        namespace: 'default',
        ...(labels && { labels }),
        ...(annotations && { annotations }),
      },
      spec: { ...spec, nodeName: `node-${node}` },
    };
    return this.client.create(pods, pod);
  }

  pod(name = 'web'): Pod {
    return this.client.get(pods, 'default', name);
  }

  node(name = 'node-1'): Node {
    return this.client.get(kinds, '', name);
  }

  exists(name = 'web'): boolean {
    return this.client
      .list(pods, { namespace: 'default' })
      .items.some(({ metadata }) => metadata.name === name);
  }

  /** Starts a kube-proxy on every node. */
  startProxies(): KubeProxy[] {
    return this.kubelets.map(({ simulation, network, name: nodeName, hostIp: nodeAddress }) => {
      const proxy = new KubeProxy({ simulation, network, table: this.table, nodeName, nodeAddress });
      proxy.start();
      return proxy;
    });
  }

  delete(name = 'web'): void {
    this.client.delete(pods, 'default', name);
  }

  configMap(name: string, data: Record<string, string>): void {
    this.client.create(configMaps, { metadata: { name, namespace: 'default' }, data });
  }

  changeConfigMap(name: string, data: Record<string, string>): void {
    this.client.patch(configMaps, 'default', name, { type: 'merge', body: { data } });
  }

  secret(name: string, stringData: Record<string, string>): void {
    const data = Object.fromEntries(
      Object.entries(stringData).map(([key, text]) => [key, encodeBase64(text)]),
    );
    this.client.create(secrets, { metadata: { name, namespace: 'default' }, data });
  }

  /** Runs a command in a pod's only container, as `kubectl exec` does; what it printed and its exit code. */
  async exec(
    name: string,
    command: readonly string[],
    seconds = 5,
  ): Promise<{ output: string; code: number }> {
    const path = `/api/v1/namespaces/default/pods/${name}/exec`;
    const response = this.client.send({ method: 'POST', path, body: { command } });
    if (response.status >= 400) return { output: (response.body as { message: string }).message, code: -1 };
    let output = '';
    let code = -1;
    response.stream!.open(
      (batch) => {
        for (const message of batch as readonly ExecMessage[]) {
          if (message.channel !== 'error') output += message.text;
          else code = Number(message.status.details?.causes?.[0]?.message ?? 0);
        }
      },
      () => {},
    );
    await this.pass(seconds);
    return { output, code };
  }

  /** What `kubectl logs` prints. */
  log(name: string, query: Record<string, string> = {}): string {
    const path = `/api/v1/namespaces/default/pods/${name}/log`;
    return this.client.send({ method: 'GET', path, query }).body as string;
  }

  /** The Events of an object, oldest first, as `Reason: message` with the count where it is more than one. */
  events(name = 'web'): string[] {
    return this.client
      .list<Event>(events, { namespace: 'default' })
      .items.filter(({ involvedObject }) => involvedObject.name === name)
      .sort((a, b) => Number(a.metadata.resourceVersion) - Number(b.metadata.resourceVersion))
      .map(({ reason, message, count = 1 }) => `${reason}: ${message}${count > 1 ? ` (x${count})` : ''}`);
  }

  /** Lets `seconds` of virtual time pass, programs included. */
  async pass(seconds: number): Promise<void> {
    const untilMs = this.simulation.nowMs + seconds * 1000;
    await runWithHops(this.simulation, hop, { untilMs });
  }
}
