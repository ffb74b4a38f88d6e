import { clusterRoleBindings } from '#kubernetes/api/rbac/clusterRoleBinding.ts';
import { clusterRoles } from '#kubernetes/api/rbac/clusterRole.ts';
import { rbacGroup } from '#kubernetes/api/rbac/ruleValidation.ts';
import { serviceAccounts } from '#kubernetes/api/core/serviceAccount.ts';
import type { Transport } from '#kubernetes/api/request.ts';
import { csiDrivers } from '#kubernetes/api/storage/csiDriver.ts';
import { defaultStorageClassAnnotation, storageClasses } from '#kubernetes/api/storage/storageClass.ts';
import { rule } from '#kubernetes/apiserver/access/bootstrapPolicy/rule.ts';
import { Client } from '#kubernetes/client/client.ts';
import { EventRecorder } from '#kubernetes/client/eventRecorder.ts';
import { Informers } from '#kubernetes/client/informer.ts';
import type { NodeFleet } from '#kubernetes/node/nodeFleet.ts';
import { diskDriver, diskDriverName } from '#kubernetes/storage/diskDriver.ts';
import type { DriverContext, StorageDriver } from '#kubernetes/storage/driver.ts';
import { localPathDriver, localPathName } from '#kubernetes/storage/localPath.ts';
import { DiskStore } from '#world/machine/diskStore.ts';
import { installSnapshots } from './installSnapshots.ts';
import { accountUser } from './users.ts';

const namespace = 'kube-system';
const read = 'get list watch';
const storage = 'storage.k8s.io';

/** What the drivers may do; their own manifests bind it to their accounts. */
const driverRules = [
  rule(`${read} create update patch delete`, '-', 'persistentvolumes'),
  rule(`${read} update patch`, '-', 'persistentvolumeclaims'),
  rule('update patch', '-', 'persistentvolumeclaims/status'),
  rule(read, '-', 'nodes pods'),
  rule(`${read} create update patch`, '-', 'events'),
  rule(read, storage, 'storageclasses csidrivers'),
  rule(`${read} create update patch`, storage, 'csinodes'),
  rule(`${read} update patch`, storage, 'volumeattachments'),
  rule('update patch', storage, 'volumeattachments/status'),
  rule(read, 'snapshot.storage.k8s.io', 'volumesnapshots volumesnapshotclasses'),
  rule(`${read} update patch`, 'snapshot.storage.k8s.io', 'volumesnapshotcontents'),
  rule('update patch', 'snapshot.storage.k8s.io', 'volumesnapshotcontents/status'),
  rule(read, 'apiextensions.k8s.io', 'customresourcedefinitions'),
];

const drivers: readonly StorageDriver[] = [localPathDriver, diskDriver];

function installAccount(system: Client, name: string): void {
  system.create(serviceAccounts, { metadata: { name, namespace } });
  system.create(clusterRoles, { metadata: { name }, rules: driverRules });
  system.create(clusterRoleBindings, {
    metadata: { name },
    roleRef: { apiGroup: rbacGroup, kind: 'ClusterRole', name },
    subjects: [{ kind: 'ServiceAccount', name, namespace }],
  });
}

/** The classes that every cluster offers: directories of nodes, as kind's `standard`, and disks of a cloud. */
function installClasses(system: Client): void {
  system.create(storageClasses, {
    metadata: { name: 'standard', annotations: { [defaultStorageClassAnnotation]: 'true' } },
    provisioner: localPathName,
    reclaimPolicy: 'Delete',
    volumeBindingMode: 'WaitForFirstConsumer',
  });
  system.create(storageClasses, {
    metadata: { name: 'cloud-disk' },
    provisioner: diskDriverName,
    reclaimPolicy: 'Delete',
    volumeBindingMode: 'WaitForFirstConsumer',
    allowVolumeExpansion: true,
  });
  system.create(csiDrivers, {
    metadata: { name: diskDriverName },
    spec: { attachRequired: true, podInfoOnMount: false, volumeLifecycleModes: ['Persistent'] },
  });
}

/** Makes the cluster's storage: its classes, and the drivers behind them, which run from now on. */
export function installStorage(transport: Transport, system: Client, fleet: NodeFleet): void {
  const { simulation } = fleet;
  const disks = new DiskStore(simulation);
  fleet.disks = disks;
  installClasses(system);
  for (const { account, eventSource, start } of drivers) {
    installAccount(system, account);
    const client = new Client(transport, accountUser(account), account);
    const informers = new Informers(simulation, client);
    const context: DriverContext = {
      simulation,
      client,
      informers,
      recorder: new EventRecorder(simulation, client, eventSource),
      disks,
      nodeFiles(node) {
        const kubelet = fleet.kubelets.get(node);
        return kubelet?.isRunning ? kubelet.volumes.hostFiles : null;
      },
    };
    start(context);
    if (account === diskDriver.account) installSnapshots(transport, fleet, context);
    informers.start();
  }
}
