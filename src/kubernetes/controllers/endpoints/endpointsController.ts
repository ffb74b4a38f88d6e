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
  eventSource: 'endpoint-controller',
  start(context) {
    const { simulation, client, informers } = context;
    const source = new ServiceEndpoints(informers);
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
  const pods = room.source.podsOf(service).filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  const { subsets, isTruncated } = truncate(service, subsetsOf(service, pods));
  const present = room.mirrors.get(key);
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

/** Pods by the ports that they serve; addresses in order. */
function subsetsOf(service: Service, pods: readonly Pod[]): Addresses[] {
  const groups = new Map<string, Addresses>();
  const isSame = hasSamePorts(service);
  let group: Addresses | undefined;
  for (const pod of pods) {
    if (group === undefined || !isSame) group = groupFor(groups, portsOf(service, pod));
    const isReady = service.spec.publishNotReadyAddresses === true || isPodReady(pod);
    (isReady ? group.ready : group.notReady).push(pod);
  }
  const maySkipPorts = isHeadless(service) && (service.spec.ports ?? []).length === 0;
  return [...groups.keys()]
    .sort()
    .map((key) => groups.get(key)!)
    .filter(({ ports }) => ports.length > 0 || maySkipPorts)
    .map(({ ports, ready, notReady }) => ({
      ports,
      ready: ready.sort(compareAddress),
      notReady: notReady.sort(compareAddress),
    }));
}

function compareAddress({ status: a }: Pod, { status: b }: Pod): number {
  return a.podIP! < b.podIP! ? -1 : 1;
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

/** The first thousand addresses, ready ones first. */
function truncate(
  service: Service,
  groups: readonly Addresses[],
): { subsets: EndpointSubset[]; isTruncated: boolean } {
  let readyLeft = addressesMax;
  const total = groups.reduce((sum, { ready, notReady }) => sum + ready.length + notReady.length, 0);
  const readyTotal = groups.reduce((sum, { ready }) => sum + ready.length, 0);
  let notReadyLeft = Math.max(0, addressesMax - readyTotal);
  const subsets = groups.map(({ ports, ready, notReady }): EndpointSubset => {
    const addresses = ready.slice(0, readyLeft).map((pod) => addressOf(service, pod));
    const notReadyAddresses = notReady.slice(0, notReadyLeft).map((pod) => addressOf(service, pod));
    readyLeft -= addresses.length;
    notReadyLeft -= notReadyAddresses.length;
    return {
      ...(addresses.length > 0 && { addresses }),
      ...(notReadyAddresses.length > 0 && { notReadyAddresses }),
      ...(ports.length > 0 && { ports }),
    };
  });
  const shown = subsets.filter(({ addresses, notReadyAddresses }) => addresses ?? notReadyAddresses);
  return { subsets: shown, isTruncated: total > addressesMax };
}
