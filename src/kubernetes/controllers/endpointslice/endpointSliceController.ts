// Upstream: pkg/controller/endpointslice/endpointslice_controller.go, staging/src/k8s.io/endpointslice/reconciler.go
import type { Node, Service } from '#generated/types/core.v1.ts';
import type { Endpoint, EndpointPort, EndpointSlice } from '#generated/types/discovery.v1.ts';
import { nodes } from '#kubernetes/api/core/node.ts';
import { endpointSlices } from '#kubernetes/api/discovery/endpointSlice.ts';
import type { New } from '#kubernetes/api/object.ts';
import { StatusError, isStatus } from '#kubernetes/apimachinery/statusError.ts';
import { deepEqual } from '#kubernetes/apimachinery/structure.ts';
import type { Informer } from '#kubernetes/client/informer.ts';
import { WorkQueue } from '#kubernetes/client/workQueue.ts';
import type { Controller, ControllerContext } from '../controller.ts';
import { controllerRefTo } from '../controllerRef.ts';
import { isNamespaceTerminating } from '../podControl.ts';
import { ServiceEndpoints, isHeadless } from '../serviceEndpoints.ts';
import { desiredGroups, portsKey } from './desiredEndpoints.ts';
import { packSlices } from './packSlices.ts';

/** Upstream: --concurrent-service-endpoint-syncs */
const workers = 5;
/** A slice that somebody else changed is looked at after this. Upstream: endpointSliceChangeMinSyncDelay. */
const sliceChangeDelayMs = 1000;

const serviceNameLabel = 'kubernetes.io/service-name';
const managedByLabel = 'endpointslice.kubernetes.io/managed-by';
const headlessLabel = 'service.kubernetes.io/headless';
const managedBy = 'endpointslice-controller.k8s.io';
const serviceIndex = 'service';

interface Room extends ControllerContext {
  readonly endpoints: ServiceEndpoints;
  readonly slices: Informer<EndpointSlice>;
  readonly nodes: Informer<Node>;
}

/** Tells where the pods of every Service can be reached. */
export const endpointSliceController: Controller = {
  name: 'endpointslice-controller',
  start(context) {
    const { simulation, client, informers } = context;
    const room: Room = {
      ...context,
      endpoints: ServiceEndpoints.of(informers),
      slices: informers.of(endpointSlices),
      nodes: informers.of(nodes),
    };
    const reconcile = (key: string) => syncService(room, key);
    const queue = new WorkQueue({ simulation, client, workers, reconcile });
    room.slices.addIndex(serviceIndex, (slice) => {
      const key = serviceKeyOf(slice);
      return key === undefined ? [] : [key];
    });
    room.endpoints.wake(queue, simulation);
    room.slices.onChange((now, before) => {
      const key = serviceKeyOf(now ?? before!);
      if (key !== undefined && before !== undefined) queue.addAfter(key, sliceChangeDelayMs);
    });
    return () => queue.stop();
  },
};

/** The key of the Service whose slice this is; undefined for slices that others manage. */
function serviceKeyOf({ metadata }: EndpointSlice): string | undefined {
  const name = metadata.labels?.[serviceNameLabel];
  if (name === undefined || metadata.labels?.[managedByLabel] !== managedBy) return undefined;
  return `${metadata.namespace}/${name}`;
}

function syncService(room: Room, key: string): void {
  const service = room.endpoints.services.get(key);
  if (service === undefined || service.metadata.deletionTimestamp !== undefined) return;
  if (service.spec.type === 'ExternalName' || service.spec.selector === undefined) return;
  const slices = [...room.slices.by(serviceIndex, key)].filter(
    ({ metadata }) => metadata.deletionTimestamp === undefined,
  );
  try {
    reconcileSlices(room, service, slices);
  } catch (error) {
    if (isNamespaceTerminating(error)) return;
    if (error instanceof StatusError) {
      const { namespace = '', name } = service.metadata;
      const message = `Error updating Endpoint Slices for Service ${namespace}/${name}: ${error.message}`;
      room.recorder.event(service, 'Warning', 'FailedToUpdateEndpointSlices', message);
    }
    throw error;
  }
}

function reconcileSlices(room: Room, service: Service, slices: readonly EndpointSlice[]): void {
  const groups = desiredGroups(service, room.endpoints.podsOf(service), room.nodes);
  const changes = new SliceChanges(room, service);
  for (const [key, { ports, endpoints }] of groups) {
    const existing = slices.filter((slice) => portsKey(slice.ports) === key);
    const { created, updated, deleted } = packSlices(existing, endpoints);
    for (const entry of created) changes.create(ports, entry);
    for (const entry of updated) changes.update(entry.slice, entry.endpoints);
    changes.delete(deleted);
    const touched = new Set([...updated.map(({ slice }) => slice), ...deleted]);
    for (const slice of existing) if (!touched.has(slice)) changes.keep(slice);
  }
  changes.delete(slices.filter((slice) => !groups.has(portsKey(slice.ports))));
  changes.write();
}

/** What is to be written for one Service. A slice to delete is filled anew where one is to be created. */
class SliceChanges {
  readonly #room: Room;
  readonly #service: Service;
  readonly #created: { readonly ports: readonly EndpointPort[]; readonly endpoints: readonly Endpoint[] }[] =
    [];
  readonly #updated: EndpointSlice[] = [];
  readonly #deleted: EndpointSlice[] = [];
  #kept = 0;

  constructor(room: Room, service: Service) {
    this.#room = room;
    this.#service = service;
  }

  create(ports: readonly EndpointPort[], endpoints: readonly Endpoint[]): void {
    this.#created.push({ ports, endpoints });
  }

  update(slice: EndpointSlice, endpoints: readonly Endpoint[]): void {
    this.#updated.push({ ...this.#relabelled(slice), endpoints });
  }

  delete(slices: readonly EndpointSlice[]): void {
    this.#deleted.push(...slices);
  }

  /** A slice whose endpoints stand as they are: only its labels may have to follow the Service's. */
  keep(slice: EndpointSlice): void {
    const relabelled = this.#relabelled(slice);
    if (relabelled === slice) this.#kept++;
    else this.#updated.push(relabelled);
  }

  write(): void {
    const isEmpty = this.#kept + this.#updated.length + this.#created.length === 0;
    // A Service that selects nothing still has a slice, so that clients can tell it from one not looked at yet.
    if (isEmpty) this.#created.push({ ports: [], endpoints: [] });
    const { client } = this.#room;
    for (const { ports, endpoints } of this.#created) {
      const reused = this.#deleted.shift();
      if (reused === undefined) client.create(endpointSlices, this.#newSlice(ports, endpoints));
      else this.#refill(reused, ports, endpoints);
    }
    for (const slice of this.#updated) client.update(endpointSlices, slice);
    for (const { metadata } of this.#deleted) {
      try {
        client.delete(endpointSlices, metadata.namespace ?? '', metadata.name);
      } catch (error) {
        if (!isStatus(error, 'NotFound')) throw error;
      }
    }
  }

  #refill(slice: EndpointSlice, ports: readonly EndpointPort[], endpoints: readonly Endpoint[]): void {
    const isSame = portsKey(slice.ports) === portsKey(ports) && deepEqual(slice.endpoints ?? [], endpoints);
    const relabelled = this.#relabelled(slice);
    if (isSame && relabelled === slice) return;
    this.#room.client.update(endpointSlices, { ...relabelled, ports, endpoints });
  }

  #newSlice(ports: readonly EndpointPort[], endpoints: readonly Endpoint[]): New<EndpointSlice> {
    const { namespace = '', name } = this.#service.metadata;
    return {
      metadata: {
        generateName: `${name}-`,
        namespace,
        labels: this.#labels(),
        ownerReferences: [controllerRefTo(this.#service)],
      },
      addressType: 'IPv4',
      endpoints,
      ports,
    };
  }

  #relabelled(slice: EndpointSlice): EndpointSlice {
    const labels = this.#labels();
    if (deepEqual(slice.metadata.labels, labels)) return slice;
    return { ...slice, metadata: { ...slice.metadata, labels } };
  }

  /** The Service's own labels, and those that say whose slice it is. */
  #labels(): Readonly<Record<string, string>> {
    const { name, labels = {} } = this.#service.metadata;
    const { [headlessLabel]: _headless, ...others } = labels;
    return {
      ...others,
      [serviceNameLabel]: name,
      [managedByLabel]: managedBy,
      ...(isHeadless(this.#service) && { [headlessLabel]: '' }),
    };
  }
}
