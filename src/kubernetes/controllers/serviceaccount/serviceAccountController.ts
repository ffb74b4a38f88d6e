// Upstream: pkg/controller/serviceaccount/serviceaccounts_controller.go
import { namespaces } from '#kubernetes/api/core/namespace.ts';
import { serviceAccounts } from '#kubernetes/api/core/serviceAccount.ts';
import { isStatus } from '#kubernetes/apimachinery/statusError.ts';
import { WorkQueue } from '#kubernetes/client/workQueue.ts';
import type { Controller } from '../controller.ts';
import { isNamespaceTerminating } from '../podControl.ts';

/** Upstream starts it with one worker. */
const workers = 1;
const defaultName = 'default';

/** Keeps a service account named `default` in every namespace. */
export const serviceAccountController: Controller = {
  name: 'serviceaccount-controller',
  account: 'service-account-controller',
  start({ simulation, client, informers }) {
    const namespaceCache = informers.of(namespaces);
    const accounts = informers.of(serviceAccounts);
    const queue = new WorkQueue({ simulation, client, workers, reconcile: syncNamespace });
    namespaceCache.onChange((now) => {
      if (now !== undefined) queue.add(now.metadata.name);
    });
    accounts.onChange((now, before) => {
      if (now === undefined && before!.metadata.name === defaultName) queue.add(before!.metadata.namespace!);
    });

    function syncNamespace(namespace: string): void {
      if (namespaceCache.get(namespace)?.status.phase !== 'Active') return;
      if (accounts.get(`${namespace}/${defaultName}`) !== undefined) return;
      try {
        client.create(serviceAccounts, { metadata: { name: defaultName, namespace } });
      } catch (error) {
        if (!isStatus(error, 'AlreadyExists') && !isNamespaceTerminating(error)) throw error;
      }
    }
    return () => queue.stop();
  },
};
