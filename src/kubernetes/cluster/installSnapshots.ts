import { snapshotController } from '#images/snapshotController.ts';
import type { Transport } from '#kubernetes/api/request.ts';
import { Client } from '#kubernetes/client/client.ts';
import { EventRecorder } from '#kubernetes/client/eventRecorder.ts';
import { Informers } from '#kubernetes/client/informer.ts';
import type { NodeFleet } from '#kubernetes/node/nodeFleet.ts';
import { diskDriverName } from '#kubernetes/storage/diskDriver.ts';
import type { DriverContext } from '#kubernetes/storage/driver.ts';
import { startSnapshotter } from '#kubernetes/storage/snapshots/csiSnapshotter.ts';
import { startSnapshotController } from '#kubernetes/storage/snapshots/snapshotController.ts';
import { snapshotKinds } from '#kubernetes/storage/snapshots/snapshotKinds.ts';
import { whenServed } from '#kubernetes/storage/snapshots/whenServed.ts';
import { accountUser } from './users.ts';

const account = 'snapshot-controller';

/**
 * Takes snapshots of cloud disks from when their definitions are installed: the driver's sidecar, which is always
 * there, and the controller while a pod runs it (decision 11).
 */
export function installSnapshots(transport: Transport, fleet: NodeFleet, driver: DriverContext): void {
  whenServed(driver.informers, () => {
    const endSnapshotter = startSnapshotter(driver, diskDriverName);
    const { simulation } = driver;
    const client = new Client(transport, accountUser(account), account);
    const informers = new Informers(simulation, client);
    const recorder = new EventRecorder(simulation, client, account);
    const endController = startSnapshotController({
      simulation,
      client,
      informers,
      recorder,
      isRunning: () => isRunSomewhere(fleet),
    });
    informers.start();
    return () => {
      endSnapshotter();
      endController();
      informers.stop();
      for (const kind of snapshotKinds) driver.informers.forget(kind);
    };
  });
}

function isRunSomewhere(fleet: NodeFleet): boolean {
  for (const { isRunning, workers } of fleet.kubelets.values())
    for (const { slots } of isRunning ? workers.values() : [])
      for (const { container } of slots)
        if (container?.isRunning && container.image.image === snapshotController) return true;
  return false;
}
