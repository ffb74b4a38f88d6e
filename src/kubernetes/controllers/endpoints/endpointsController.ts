// Upstream: pkg/controller/endpoint/endpoints_controller.go
import type {
  EndpointAddress,
  EndpointPort,
  EndpointSubset,
  Endpoints,
  Pod,
  Service,
} from '#generated/types/core.v1.ts';
import { endpoints } from '#kubernetes/api/core/endpoints.ts';
import { splitKey } from '#kubernetes/api/object.ts';
import { isPodReady } from '#kubernetes/api/podStatus.ts';
import { StatusError, isStatus } from '#kubernetes/apimachinery/statusError.ts';
import { deepEqual } from '#kubernetes/apimachinery/structure.ts';
import type { Informer } from '#kubernetes/client/informer.ts';
import { WorkQueue } from '#kubernetes/client/workQueue.ts';
import type { Controller, ControllerContext } from '../controller.ts';
import { isNamespaceTerminating } from '../podControl.ts';
import {
  ServiceEndpoints,
  hasSamePorts,
  hostnameOf,
  isHeadless,
  targetPortOf,
  targetRefOf,
} from '../serviceEndpoints.ts';

/** Upstream: --concurrent-endpoint-syncs */
const workers = 5;
/** Upstream: maxCapacity; what is more is left out, and an annotation says so. */
const addressesMax = 1000;
const truncatedAnnotation = 'endpoints.kubernetes.io/over-capacity';
const headlessLabel = 'service.kubernetes.io/headless';
const managedByLabel = 'endpoints.kubernetes.io/managed-by';
const managedBy = 'endpoint-controller';

interface Room extends ControllerContext {
  readonly source: ServiceEndpoints;
  readonly mirrors: Informer<Endpoints>;
}

/** Keeps the old Endpoints objects, one per Service, for those who still read them. */
export const endpointsController: Controller = {
  name: 'endpoints-controller',
  account: 'endpoint-controller',
  eventSource: 'endpoint-controller',
  start(context) {
    const { simulation, client, informers } = context;
    const source = ServiceEndpoints.of(informers);
    const room: Room = { ...context, source, mirrors: informers.of(endpoints) };
    const reconcile = (key: string) => syncService(room, key);
    const queue = new WorkQueue({ simulation, client, workers, reconcile });
    source.wake(queue, simulation);
    return () => queue.stop();
  },
};

function syncService(room: Room, key: string): void {
  const service = room.source.services.get(key);
  if (service === undefined) return removeMirror(room, key);
  if (service.spec.type === 'ExternalName' || service.spec.selector === undefined) return undefined;
  const present = room.mirrors.get(key);
  const groups = subsetsOf(service, room.source.podsOf(service));
  const { subsets, isTruncated } = truncate(service, groups, present);
  const { [truncatedAnnotation]: _old, ...others } = present?.metadata.annotations ?? {};
  const annotations = { ...others, ...(isTruncated && { [truncatedAnnotation]: 'truncated' }) };
  const labels = {
    ...service.metadata.labels,
    [managedByLabel]: managedBy,
    ...(isHeadless(service) && { [headlessLabel]: '' }),
  };
  if (
    present !== undefined &&
    deepEqual(present.subsets ?? [], subsets) &&
    deepEqual(present.metadata.labels ?? {}, labels) &&
    deepEqual(present.metadata.annotations ?? {}, annotations)
  ) {
    return undefined;
  }
  return writeMirror(room, service, present, { labels, annotations, subsets });
}

function writeMirror(
  { client, recorder }: Room,
  service: Service,
  present: Endpoints | undefined,
  { subsets, ...metadata }: Pick<Endpoints, 'subsets'> & Partial<Endpoints['metadata']>,
): void {
  const { namespace = '', name } = service.metadata;
  const written = { ...(subsets !== undefined && { subsets }) };
  try {
    if (present === undefined) {
      client.create(endpoints, { metadata: { ...metadata, name, namespace }, ...written });
    } else
      client.update(endpoints, { ...present, metadata: { ...present.metadata, ...metadata }, ...written });
  } catch (error) {
    if (isNamespaceTerminating(error)) return;
    if (error instanceof StatusError) {
      const verb = present === undefined ? 'create' : 'update';
      const reason = present === undefined ? 'FailedToCreateEndpoint' : 'FailedToUpdateEndpoint';
      const message = `Failed to ${verb} endpoint ${namespace}/${name}: ${error.message}`;
      recorder.event(present ?? service, 'Warning', reason, message);
    }
    throw error;
  }
}

function removeMirror({ client, mirrors }: Room, key: string): void {
  if (mirrors.get(key) === undefined) return;
  const { namespace, name } = splitKey(key);
  try {
    client.delete(endpoints, namespace, name);
  } catch (error) {
    if (!isStatus(error, 'NotFound')) throw error;
  }
}

interface Addresses {
  readonly ports: readonly EndpointPort[];
  readonly ready: Pod[];
  readonly notReady: Pod[];
}

/** Pods by the ports that they serve. */
function subsetsOf(service: Service, pods: readonly Pod[]): Addresses[] {
  const groups = new Map<string, Addresses>();
  const isSame = hasSamePorts(service);
  let group: Addresses | undefined;
  for (const pod of pods) {
    if (pod.metadata.deletionTimestamp !== undefined) continue;
    if (group === undefined || !isSame) group = groupFor(groups, portsOf(service, pod));
    const isReady = service.spec.publishNotReadyAddresses === true || isPodReady(pod);
    (isReady ? group.ready : group.notReady).push(pod);
  }
  const maySkipPorts = isHeadless(service) && (service.spec.ports ?? []).length === 0;
  return [...groups.keys()]
    .sort()
    .map((key) => groups.get(key)!)
    .filter(({ ports }) => ports.length > 0 || maySkipPorts);
}

function groupFor(groups: Map<string, Addresses>, ports: readonly EndpointPort[]): Addresses {
  const key = JSON.stringify(ports);
  let group = groups.get(key);
  if (group === undefined) {
    group = { ports, ready: [], notReady: [] };
    groups.set(key, group);
  }
  return group;
}

function portsOf(service: Service, pod: Pod): EndpointPort[] {
  return (service.spec.ports ?? []).flatMap((servicePort) => {
    const port = targetPortOf(pod, servicePort);
    if (port === undefined) return [];
    const { name, protocol = 'TCP', appProtocol } = servicePort;
    return [{ ...(name && { name }), port, protocol, ...(appProtocol !== undefined && { appProtocol }) }];
  });
}

function addressOf(service: Service, pod: Pod): EndpointAddress {
  const hostname = hostnameOf(pod, service);
  const { nodeName } = pod.spec;
  return {
    ip: pod.status.podIP!,
    ...(hostname !== undefined && { hostname }),
    ...(nodeName !== undefined && { nodeName }),
    targetRef: targetRefOf(pod),
  };
}

/** A thousand addresses, ready ones first, and of these those that are shown already; in order. */
function truncate(
  service: Service,
  groups: readonly Addresses[],
  present: Endpoints | undefined,
): { subsets: EndpointSubset[]; isTruncated: boolean } {
  const shown = new Set(
    (present?.subsets ?? []).flatMap(({ addresses = [], notReadyAddresses = [] }) =>
      [...addresses, ...notReadyAddresses].map(({ ip }) => ip),
    ),
  );
  const total = groups.reduce((sum, { ready, notReady }) => sum + ready.length + notReady.length, 0);
  const readyTotal = groups.reduce((sum, { ready }) => sum + ready.length, 0);
  const left = { ready: addressesMax, notReady: Math.max(0, addressesMax - readyTotal) };
  const take = (pods: readonly Pod[], kind: 'ready' | 'notReady') => {
    const taken = pods.length <= left[kind] ? pods : preferShown(pods, shown).slice(0, left[kind]);
    left[kind] -= taken.length;
    return taken.map((pod) => addressOf(service, pod)).sort((a, b) => (a.ip < b.ip ? -1 : 1));
  };
  const subsets = groups.map(({ ports, ready, notReady }): EndpointSubset => {
    const addresses = take(ready, 'ready');
    const notReadyAddresses = take(notReady, 'notReady');
    return {
      ...(addresses.length > 0 && { addresses }),
      ...(notReadyAddresses.length > 0 && { notReadyAddresses }),
      ...(ports.length > 0 && { ports }),
    };
  });
  const filled = subsets.filter(({ addresses, notReadyAddresses }) => addresses ?? notReadyAddresses);
  return { subsets: filled, isTruncated: total > addressesMax };
}

function preferShown(pods: readonly Pod[], shown: ReadonlySet<string>): Pod[] {
  const isShown = ({ status }: Pod) => shown.has(status.podIP!);
  return [...pods.filter(isShown), ...pods.filter((pod) => !isShown(pod))];
}
