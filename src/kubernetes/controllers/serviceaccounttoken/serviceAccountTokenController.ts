// Upstream: pkg/controller/serviceaccount/tokens_controller.go
import type { Secret } from '#generated/types/core.v1.ts';
import { encodeBase64 } from '#kubernetes/api/base64.ts';
import { secrets } from '#kubernetes/api/core/secret.ts';
import { serviceAccounts } from '#kubernetes/api/core/serviceAccount.ts';
import { keyOf, splitKey } from '#kubernetes/api/object.ts';
import { isStatus } from '#kubernetes/apimachinery/statusError.ts';
import { WorkQueue } from '#kubernetes/client/workQueue.ts';
import type { Controller } from '../controller.ts';
import { rootCertificate } from '../rootCertificate.ts';

/** Upstream: --concurrent-serviceaccount-token-syncs */
const workers = 5;
const tokenType = 'kubernetes.io/service-account-token';
const nameAnnotation = 'kubernetes.io/service-account.name';
const uidAnnotation = 'kubernetes.io/service-account.uid';

/** Writes tokens into Secrets that ask for one, and removes those whose service account is gone. */
export const serviceAccountTokenController: Controller = {
  name: 'serviceaccount-token-controller',
  account: null,
  start({ simulation, client, informers, signing }) {
    const accounts = informers.of(serviceAccounts);
    const tokens = informers.of(secrets, { fieldSelector: `type=${tokenType}` });
    const queue = new WorkQueue({ simulation, client, workers, reconcile: syncSecret });
    tokens.onChange((now) => {
      if (now !== undefined) queue.add(keyOf(now));
    });
    accounts.onChange((now, before) => {
      if (now !== undefined && before?.metadata.uid === now.metadata.uid) return;
      const { namespace, name } = (now ?? before!).metadata;
      for (const secret of tokens.list()) {
        const { metadata } = secret;
        if (metadata.namespace === namespace && metadata.annotations?.[nameAnnotation] === name)
          queue.add(keyOf(secret));
      }
    });

    function syncSecret(key: string): void {
      const secret = tokens.get(key);
      if (secret === undefined || secret.metadata.deletionTimestamp !== undefined) return;
      const { namespace, name } = splitKey(key);
      const { uid, annotations = {} } = secret.metadata;
      const account = accounts.get(`${namespace}/${annotations[nameAnnotation]}`);
      const isOf = annotations[uidAnnotation];
      if (account === undefined || (isOf && isOf !== account.metadata.uid)) {
        try {
          client.delete(secrets, namespace, name, { preconditions: { uid } });
        } catch (error) {
          if (!isStatus(error, 'NotFound') && !isStatus(error, 'Conflict')) throw error;
        }
        return;
      }
      const data = {
        'ca.crt': secret.data?.['ca.crt'] ?? encodeBase64(rootCertificate),
        namespace: secret.data?.['namespace'] ?? encodeBase64(namespace),
        token: secret.data?.['token'] ?? encodeBase64(signing.legacyToken(account, name)),
      };
      const isWhole = isOf !== undefined && Object.keys(data).every((field) => secret.data?.[field]);
      if (isWhole) return;
      const next: Secret = {
        ...secret,
        metadata: {
          ...secret.metadata,
          annotations: { ...annotations, [uidAnnotation]: account.metadata.uid },
        },
        data: { ...secret.data, ...data },
      };
      client.update(secrets, next);
    }
    return () => queue.stop();
  },
};
