// Upstream: pkg/controller/endpointslicemirroring/endpointslicemirroring_controller.go
import type { Endpoints, Service } from '#generated/types/core.v1.ts';
import type { EndpointSlice } from '#generated/types/discovery.v1.ts';
import { endpoints } from '#kubernetes/api/core/endpoints.ts';
import { services } from '#kubernetes/api/core/service.ts';
import { endpointSlices } from '#kubernetes/api/discovery/endpointSlice.ts';
import { keyOf, type New } from '#kubernetes/api/object.ts';
import { isStatus } from '#kubernetes/apimachinery/statusError.ts';
import { deepEqual } from '#kubernetes/apimachinery/structure.ts';
import type { Informer } from '#kubernetes/client/informer.ts';
import { WorkQueue } from '#kubernetes/client/workQueue.ts';
import type { Controller, ControllerContext } from '../controller.ts';
import { controllerRefTo } from '../controllerRef.ts';
import { type MirroredSlice, mirroredSlices } from './mirroredSlices.ts';

/** Upstream: --mirroring-concurrent-service-endpoint-syncs */
const workers = 5;
/** A slice that somebody else changed is looked at after this. */
const sliceChangeDelayMs = 1000;

const serviceNameLabel = 'kubernetes.io/service-name';
const managedByLabel = 'endpointslice.kubernetes.io/managed-by';
const skipMirrorLabel = 'endpointslice.kubernetes.io/skip-mirror';
const managedBy = 'endpointslicemirroring-controller.k8s.io';
const ownManager = 'endpoints.kubernetes.io/managed-by';
/** Annotations that are the Endpoints object's own. */
const ownAnnotations = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  'endpoints.kubernetes.io/last-change-trigger-time',
]);
const leaderAnnotation = 'control-plane.alpha.kubernetes.io/leader';

interface Room extends ControllerContext {
  readonly cache: Informer<Endpoints>;
  readonly services: Informer<Service>;
  readonly slices: Informer<EndpointSlice>;
}

/** Mirrors Endpoints that somebody wrote for a Service without a selector into slices, which kube-proxy follows. */
export const endpointSliceMirroringController: Controller = {
  name: 'endpointslicemirroring-controller',
  start(context) {
    const { simulation, client, informers } = context;
    const room: Room = {
      ...context,
      cache: informers.of(endpoints),
      services: informers.of(services),
      slices: informers.of(endpointSlices),
    };
    const reconcile = (key: string) => syncEndpoints(room, key);
    const queue = new WorkQueue({ simulation, client, workers, reconcile });
    room.slices.addIndex('mirrored', (slice) => mirroredKeysOf(slice));
    room.cache.onChange((now, before) => {
      if (isMirrored(now) || isMirrored(before)) queue.add(keyOf(now ?? before!));
    });
    room.services.onChange((now, before) => {
      const isSame = now?.spec.selector === before?.spec.selector;
      if (now === undefined || before === undefined || !isSame) queue.add(keyOf(now ?? before!));
    });
    room.slices.onChange((now, before) => {
      if (before === undefined) return;
      for (const key of mirroredKeysOf(now ?? before)) queue.addAfter(key, sliceChangeDelayMs);
    });
    return () => queue.stop();
  },
};

/** The key of the Endpoints that a slice mirrors; none for slices that others manage. */
function mirroredKeysOf({ metadata }: EndpointSlice): string[] {
  const name = metadata.labels?.[serviceNameLabel];
  if (name === undefined || metadata.labels?.[managedByLabel] !== managedBy) return [];
  return [`${metadata.namespace ?? ''}/${name}`];
}

function isMirrored(object: Endpoints | undefined): object is Endpoints {
  if (object === undefined) return false;
  const { labels, annotations } = object.metadata;
  return labels?.[skipMirrorLabel] !== 'true' && annotations?.[leaderAnnotation] === undefined;
}

function syncEndpoints(room: Room, key: string): void {
  const object = room.cache.get(key);
  const service = room.services.get(key);
  const isWanted = isMirrored(object) && service !== undefined && service.spec.selector === undefined;
  const wanted = isWanted ? [...mirroredSlices(object)] : [];
  for (const slice of room.slices.by('mirrored', key)) {
    const at = wanted.findIndex(
      ({ addressType, ports }) => addressType === slice.addressType && deepEqual(ports, slice.ports),
    );
    if (at < 0) deleteSlice(room, slice);
    else updateSlice(room, slice, object!, wanted.splice(at, 1)[0]!);
  }
  for (const slice of wanted) room.client.create(endpointSlices, newSlice(object!, slice));
}

function metaOf({ metadata }: Endpoints): Pick<EndpointSlice['metadata'], 'labels' | 'annotations'> {
  const { [ownManager]: _manager, ...labels } = metadata.labels ?? {};
  const kept = Object.entries(metadata.annotations ?? {}).filter(([name]) => !ownAnnotations.has(name));
  return {
    labels: { ...labels, [serviceNameLabel]: metadata.name, [managedByLabel]: managedBy },
    ...(kept.length > 0 && { annotations: Object.fromEntries(kept) }),
  };
}

function newSlice(object: Endpoints, slice: MirroredSlice): New<EndpointSlice> {
  const { name, namespace } = object.metadata;
  return {
    metadata: {
      generateName: `${name}-`,
      ...(namespace !== undefined && { namespace }),
      ...metaOf(object),
      ownerReferences: [controllerRefTo(object)],
    },
    ...slice,
  };
}

function updateSlice(room: Room, slice: EndpointSlice, object: Endpoints, wanted: MirroredSlice): void {
  const meta = metaOf(object);
  const isSame =
    deepEqual(slice.endpoints, wanted.endpoints) &&
    deepEqual(slice.metadata.labels, meta.labels) &&
    deepEqual(slice.metadata.annotations, meta.annotations);
  if (isSame) return;
  const { annotations: _annotations, ...metadata } = slice.metadata;
  room.client.update(endpointSlices, { ...slice, metadata: { ...metadata, ...meta }, ...wanted });
}

function deleteSlice({ client }: Room, { metadata }: EndpointSlice): void {
  try {
    client.delete(endpointSlices, metadata.namespace ?? '', metadata.name);
  } catch (error) {
    if (!isStatus(error, 'NotFound')) throw error;
  }
}
