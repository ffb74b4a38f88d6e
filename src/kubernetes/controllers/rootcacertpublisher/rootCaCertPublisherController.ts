// Upstream: pkg/controller/certificates/rootcacertpublisher/publisher.go
import { configMaps } from '#kubernetes/api/core/configMap.ts';
import { namespaces } from '#kubernetes/api/core/namespace.ts';
import { isStatus } from '#kubernetes/apimachinery/statusError.ts';
import { deepEqual } from '#kubernetes/apimachinery/structure.ts';
import { WorkQueue } from '#kubernetes/client/workQueue.ts';
import type { Controller } from '../controller.ts';
import { isNamespaceTerminating } from '../podControl.ts';
import { rootCertificate } from '../rootCertificate.ts';

const workers = 1;
const configMapName = 'kube-root-ca.crt';
const annotations = {
  'kubernetes.io/description':
    'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.',
};

const data = { 'ca.crt': rootCertificate };

/** Keeps the ConfigMap with the cluster's certificate, which every pod mounts, in every namespace. */
export const rootCaCertPublisherController: Controller = {
  name: 'root-ca-certificate-publisher-controller',
  account: 'root-ca-cert-publisher',
  start({ simulation, client, informers }) {
    const namespaceCache = informers.of(namespaces);
    const published = informers.of(configMaps);
    const queue = new WorkQueue({ simulation, client, workers, reconcile: syncNamespace });
    namespaceCache.onChange((now) => {
      if (now !== undefined) queue.add(now.metadata.name);
    });
    published.onChange((now, before) => {
      const { name, namespace } = (now ?? before!).metadata;
      if (name === configMapName) queue.add(namespace!);
    });

    function syncNamespace(namespace: string): void {
      if (namespaceCache.get(namespace)?.status.phase !== 'Active') return;
      const present = published.get(`${namespace}/${configMapName}`);
      if (present !== undefined && deepEqual(present.data, data)) return;
      try {
        if (present !== undefined) client.update(configMaps, { ...present, data });
        else client.create(configMaps, { metadata: { name: configMapName, namespace, annotations }, data });
      } catch (error) {
        if (!isStatus(error, 'AlreadyExists') && !isNamespaceTerminating(error)) throw error;
      }
    }
    return () => queue.stop();
  },
};
