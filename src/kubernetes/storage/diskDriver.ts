// Upstream: kubernetes-csi/external-provisioner, with a simulated cloud behind it
import type { Node, PersistentVolumeClaim } from '#generated/types/core.v1.ts';
import type { StorageClass } from '#generated/types/storage.v1.ts';
import { requestedSize } from '#kubernetes/api/volumeBinding.ts';
import { persistentVolumeClaims } from '#kubernetes/api/core/persistentVolumeClaim.ts';
import { persistentVolumes } from '#kubernetes/api/core/persistentVolume.ts';
import { nodes } from '#kubernetes/api/core/node.ts';
import { unitValue } from '#kubernetes/apimachinery/quantity.ts';
import type { MemoryFileSystem } from '#world/machine/memoryFileSystem.ts';
import { startAttacher } from './attacher.ts';
import type { DriverContext, StorageDriver } from './driver.ts';
import { ProvisionError, startProvisioner, type VolumeRequest } from './provisioner.ts';
import { startRegistrar } from './registrar.ts';
import { startResizer } from './resizer.ts';
import { asksForSnapshot, snapshotSource } from './snapshots/snapshotSource.ts';

/** The name of the CSI driver of simulated cloud disks. */
export const diskDriverName = 'disk.csi.podarium.io';
/** Where in the cloud a node is; a disk can be attached in its own zone only. */
const zoneKey = 'topology.kubernetes.io/zone';

const createDiskMs = 2_000;
const gibibyte = 1024 ** 3;

/** Disks of a cloud: attached to one node at a time, and there when that node is not. */
export const diskDriver: StorageDriver = {
  account: 'csi-disk-controller',
  eventSource: `${diskDriverName}_csi-disk-controller`,
  start(context) {
    startRegistrar(context, diskDriverName, zoneKey);
    startAttacher(context, diskDriverName);
    startResizer(context, diskDriverName);
    startProvisioner(context, {
      provisioner: diskDriverName,
      provisionMs: createDiskMs,
      takes: (claim) => asksForSnapshot({ claim }),
      finalizer: 'external-provisioner.volume.kubernetes.io/finalizer',
      provision: (request) => provision(context, request),
      delete(volume) {
        const handle = volume.spec.csi?.volumeHandle ?? '';
        if (context.disks.get(handle)?.attachedTo) return false;
        context.disks.delete(handle);
        return true;
      },
    });
  },
};

function provision(context: DriverContext, request: VolumeRequest) {
  const { name, claim, storageClass } = request;
  const { accessModes = [] } = claim.spec;
  if (!accessModes.every((mode) => mode === 'ReadWriteOnce' || mode === 'ReadWriteOncePod'))
    throw new ProvisionError(
      'rpc error: code = InvalidArgument desc = Volume capabilities not supported. Only AccessModes[ReadWriteOnce] supported.',
    );
  const gibibytes = Math.max(1, Math.ceil(unitValue(requestedSize(claim)) / gibibyte));
  const zone = zoneFor(context, request);
  const fsType = storageClass.parameters?.['csi.storage.k8s.io/fstype'] ?? 'ext4';
  const handle = `disk-${claim.metadata.uid}`;
  context.disks.create(handle, gibibytes * gibibyte, zone, sourceOf(context, request));
  return {
    spec: {
      capacity: { storage: `${gibibytes}Gi` },
      csi: {
        driver: diskDriverName,
        ...(claim.spec.volumeMode !== 'Block' && { fsType }),
        volumeHandle: handle,
        volumeAttributes: { 'storage.kubernetes.io/csiProvisionerIdentity': `${diskDriverName}-${name}` },
      },
      ...(zone !== '' && {
        nodeAffinity: {
          required: {
            nodeSelectorTerms: [
              { matchExpressions: [{ key: zoneKey, operator: 'In' as const, values: [zone] }] },
            ],
          },
        },
      }),
    },
  };
}

/** What a claim is to begin with: nothing, a snapshot, or what another claim's disk holds now. */
function sourceOf(context: DriverContext, request: VolumeRequest): MemoryFileSystem | undefined {
  const { dataSource } = request.claim.spec;
  if (!dataSource) return undefined;
  return asksForSnapshot(request)
    ? snapshotSource(context, request).files
    : claimSource(context, request.claim, dataSource.name);
}

/** Upstream: getPVCSource. The files of the disk behind the claim `name`. Throws ProvisionError. */
function claimSource(
  { informers, disks }: DriverContext,
  claim: PersistentVolumeClaim,
  name: string,
): MemoryFileSystem {
  const failed = (why: string) =>
    new ProvisionError(
      `error getting handle for DataSource Type PersistentVolumeClaim by Name ${name}: ${why}`,
    );
  const { namespace = '' } = claim.metadata;
  const source = informers.of(persistentVolumeClaims).get(`${namespace}/${name}`);
  if (source === undefined)
    throw failed(
      `error getting PVC ${name} (namespace "${namespace}") from api server: persistentvolumeclaims "${name}" not found`,
    );
  const { phase } = source.status;
  if (phase !== 'Bound')
    throw failed(
      `the PVC DataSource ${name} must have a status of Bound.  Got {${phase} [] map[] [] map[] map[] <nil> <nil>}`,
    );
  if (source.metadata.deletionTimestamp !== undefined)
    throw failed(`the PVC DataSource ${name} is currently being deleted`);
  const wanted = unitValue(requestedSize(claim));
  const least = unitValue(requestedSize(source));
  if (wanted < least)
    throw failed(
      `error, new PVC request must be greater than or equal in size to the specified PVC data source, requested ${wanted} but source is ${least}`,
    );
  const volume = informers.of(persistentVolumes).get(source.spec.volumeName ?? '');
  const disk = disks.get(volume?.spec.csi?.volumeHandle ?? '');
  if (disk === undefined) throw failed('claim in dataSource not bound or invalid');
  const mode = claim.spec.volumeMode ?? 'Filesystem';
  const sourceMode = volume?.spec.volumeMode ?? 'Filesystem';
  if (mode !== sourceMode)
    throw failed(
      `the source PVC and destination PVCs must have the same volume mode for cloning.  Source is ${sourceMode}, but new PVC requested ${mode}`,
    );
  return disk.files;
}

const zoneOf = ({ metadata }: Node) => metadata.labels?.[zoneKey] ?? '';

/** The chosen node's zone; without one, a zone that the class allows, by the claim's uid. */
function zoneFor({ informers }: DriverContext, { claim, storageClass, node }: VolumeRequest): string {
  if (node !== undefined) return zoneOf(node);
  const present = new Set([...informers.of(nodes).list()].map(zoneOf).filter((zone) => zone !== ''));
  const allowed = allowedZones(storageClass);
  const zones = [...present].filter((zone) => allowed === null || allowed.includes(zone)).sort();
  if (zones.length === 0 && allowed !== null)
    throw new ProvisionError('error generating accessibility requirements: no available topology found');
  if (zones.length === 0) return '';
  return zones[Number.parseInt(claim.metadata.uid.slice(0, 8), 16) % zones.length]!;
}

function allowedZones({ allowedTopologies }: StorageClass): readonly string[] | null {
  if (!allowedTopologies?.length) return null;
  return allowedTopologies.flatMap(({ matchLabelExpressions = [] }) =>
    matchLabelExpressions.filter(({ key }) => key === zoneKey).flatMap(({ values }) => values),
  );
}
