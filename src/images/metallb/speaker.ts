// Upstream: go.universe.tf/metallb/speaker/{main,layer2_controller}.go
import { sha256 } from '#kubernetes/apimachinery/sha256.ts';
import type { Process, Program } from '#world/machine/program.ts';
import type { Host } from '#world/network/network.ts';
import { addressOf, type Balanced, type IpAddressPool, poolOf } from './addressPools.ts';
import { advertisementsPath, balancedBy, listOf, note, poolsPath, record, servicesPath } from './services.ts';

const component = 'metallb-speaker';
/** Between two looks. */
const speakMs = 2_000;
const metadataOnly = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';
/** A node that kubeadm made for the control plane bears this, and load balancers leave it alone. */
const excludedLabel = 'node.kubernetes.io/exclude-from-external-load-balancers';

interface Named {
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
}

interface Advertisement {
  readonly spec?: { readonly ipAddressPools?: readonly string[] };
}

interface SpeakerPod {
  readonly spec: { readonly nodeName?: string };
  readonly status: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

interface Slice {
  readonly metadata: { readonly namespace: string; readonly labels?: Readonly<Record<string, string>> };
  readonly endpoints?: readonly {
    readonly nodeName?: string;
    readonly conditions?: { readonly ready?: boolean };
  }[];
}

/** What all speakers see alike, so that each knows who speaks for an address. */
interface View {
  readonly services: readonly Balanced[];
  readonly pools: readonly IpAddressPool[];
  readonly advertisements: readonly Advertisement[];
  /** Nodes whose speaker is ready, and that may be chosen. */
  readonly speakers: readonly string[];
  readonly slices: readonly Slice[];
}

/** Answers for addresses of load balancers on its node: of the speakers that may, one does for each address. */
export const speaker: Program = async (process) => {
  const network = process.network!.network;
  const node = network.hostAt(process.network!.address);
  const spoken = new Map<string, string>();
  if (node === undefined || node.name !== node.machine) {
    await note(process, '{"level":"error","msg":"the speaker needs its node\'s network (hostNetwork)"}');
    return 1;
  }
  try {
    for (;;) {
      const view = await look(process, spoken.size === 0);
      if (view !== null) await speak(process, node, view, spoken);
      await process.sleep(speakMs);
    }
  } finally {
    for (const address of spoken.keys())
      if (network.announcerOf(address) === node) network.announce(address, null);
  }
};

/** Null where nothing is to be done, which is nothing more than the Services where `isSilent`, or cannot be known. */
async function look(process: Process, isSilent: boolean): Promise<View | null> {
  const list = <T>(path: string, accept?: string) => listOf<T>(process, component, path, accept);
  const namespace = process.environment.get('METALLB_NAMESPACE') ?? 'metallb-system';
  const services = await list<Balanced>(servicesPath);
  const balanced = (services ?? []).filter(
    (service) => balancedBy(process, service) && addressOf(service) !== undefined,
  );
  if (balanced.length === 0 && isSilent) return null;
  const pools = await list<IpAddressPool>(poolsPath);
  const advertisements = await list<Advertisement>(advertisementsPath);
  const pods = await list<SpeakerPod>(
    `/api/v1/namespaces/${namespace}/pods?labelSelector=component%3Dspeaker`,
  );
  const nodes = await list<Named>('/api/v1/nodes', metadataOnly);
  const names = balanced.map(({ metadata }) => metadata.name).join(',');
  const selector = encodeURIComponent(`kubernetes.io/service-name in (${names})`);
  const path = `/apis/discovery.k8s.io/v1/endpointslices?labelSelector=${selector}`;
  const slices = balanced.length === 0 ? [] : await list<Slice>(path);
  if (!services || !pools || !advertisements || !pods || !nodes || !slices) return null;
  const ready = pods.filter(({ status }) =>
    status.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True'),
  );
  const free = new Set(
    nodes
      .filter(({ metadata }) => metadata.labels?.[excludedLabel] === undefined)
      .map(({ metadata }) => metadata.name),
  );
  const speakers = ready.flatMap(({ spec }) =>
    spec.nodeName && free.has(spec.nodeName) ? [spec.nodeName] : [],
  );
  return { services, pools, advertisements, speakers, slices };
}

async function speak(process: Process, node: Host, view: View, spoken: Map<string, string>): Promise<void> {
  const { network } = process.network!;
  const wanted = new Map<string, Balanced>();
  for (const service of view.services) {
    const address = balancedBy(process, service) ? addressOf(service) : undefined;
    if (address !== undefined && speakerOf(address, service, view) === node.name)
      wanted.set(address, service);
  }
  for (const address of spoken.keys()) {
    if (wanted.has(address)) continue;
    if (network.announcerOf(address) === node) network.announce(address, null);
    spoken.delete(address);
  }
  for (const [address, service] of wanted) {
    const { uid } = service.metadata;
    if (network.announcerOf(address) !== node) network.announce(address, node);
    if (spoken.get(address) === uid) continue;
    spoken.set(address, uid);
    const message = `announcing from node ${JSON.stringify(node.name)} with protocol "layer2"`;
    await record(process, component, service, { type: 'Normal', reason: 'nodeAssigned', message });
  }
}

/** The node that speaks for an address; undefined when none does. */
function speakerOf(address: string, service: Balanced, view: View): string | undefined {
  const pool = poolOf(address, view.pools)?.metadata.name;
  const isAdvertised = view.advertisements.some(
    ({ spec }) => !spec?.ipAddressPools?.length || spec.ipAddressPools.includes(pool ?? ''),
  );
  const withEndpoints = nodesOf(service, view.slices);
  if (!isAdvertised || withEndpoints.size === 0) return undefined;
  const isLocal = service.spec.externalTrafficPolicy === 'Local';
  const candidates = view.speakers.filter((name) => !isLocal || withEndpoints.has(name));
  return candidates.toSorted((a, b) => (rank(a, address) < rank(b, address) ? -1 : 1))[0];
}

/** The nodes on which a Service has ready endpoints. */
function nodesOf({ metadata }: Balanced, slices: readonly Slice[]): ReadonlySet<string> {
  const own = slices.filter(
    (slice) =>
      slice.metadata.namespace === metadata.namespace &&
      slice.metadata.labels?.['kubernetes.io/service-name'] === metadata.name,
  );
  return new Set(
    own.flatMap(({ endpoints }) =>
      (endpoints ?? []).flatMap(({ nodeName, conditions }) =>
        nodeName !== undefined && conditions?.ready !== false ? [nodeName] : [],
      ),
    ),
  );
}

/** Spreads addresses over nodes in a way that all of them find alike. */
function rank(node: string, address: string): string {
  return Array.from(sha256(`${node}#${address}`), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
