// Upstream: pkg/controller/serviceaccount/legacy_serviceaccount_token_cleaner.go
import type { ConfigMap, Pod, Secret } from '#generated/types/core.v1.ts';
import { configMaps } from '#kubernetes/api/core/configMap.ts';
import { pods } from '#kubernetes/api/core/pod.ts';
import { secrets } from '#kubernetes/api/core/secret.ts';
import { serviceAccounts } from '#kubernetes/api/core/serviceAccount.ts';
import { invalidSinceLabel, lastUsedLabel, trackingConfigMap } from '#kubernetes/api/legacyTokens.ts';
import { isStatus } from '#kubernetes/apimachinery/statusError.ts';
import { formatTime, parseTime } from '#kubernetes/apimachinery/time.ts';
import type { Informer } from '#kubernetes/client/informer.ts';
import type { Controller, ControllerContext } from '../controller.ts';
import { attemptAll } from '../podControl.ts';

const dayMs = 24 * 3_600_000;
/** Upstream: --legacy-service-account-token-clean-up-period */
const unusedMs = 365 * dayMs;
/** Upstream: DefaultCleanerSyncInterval */
const periodMs = dayMs;
const tokenType = 'kubernetes.io/service-account-token';

interface Room extends ControllerContext {
  readonly secretCache: Informer<Secret>;
  readonly podCache: Informer<Pod>;
}

/** Marks tokens of Secrets that a service account lists and nobody has used for a year, and removes them in the next. */
export const legacyTokenCleanerController: Controller = {
  name: 'legacy-serviceaccount-token-cleaner-controller',
  account: 'legacy-service-account-token-cleaner',
  start(context) {
    const { simulation, informers } = context;
    const accounts = informers.of(serviceAccounts);
    const room: Room = { ...context, secretCache: informers.of(secrets), podCache: informers.of(pods) };
    /** True for a token that the account lists as its own: those were made without being asked for. */
    const isGenerated = ({ metadata: { name, namespace = '', annotations = {} } }: Secret) => {
      const account = accounts.get(`${namespace}/${annotations['kubernetes.io/service-account.name'] ?? ''}`);
      const uid = annotations['kubernetes.io/service-account.uid'];
      if (account === undefined || (uid && uid !== account.metadata.uid)) return false;
      return (account.secrets ?? []).some((one) => one.name === name);
    };
    return simulation.every(periodMs, 'legacy-serviceaccount-token-cleaner-controller', () =>
      clean(room, isGenerated),
    );
  },
};

function clean(room: Room, isGenerated: (secret: Secret) => boolean): void {
  const { nowMs } = room.simulation;
  const sinceMs = trackedSinceMs(room);
  if (sinceMs === null || nowMs < sinceMs + unusedMs) return;
  const usedAfter = dateOf(nowMs - unusedMs);
  const stale = [...room.secretCache.list()].filter((secret) => {
    const { creationTimestamp, deletionTimestamp, labels = {} } = secret.metadata;
    if (secret.type !== tokenType || deletionTimestamp !== undefined) return false;
    if (parseTime(creationTimestamp) >= nowMs - unusedMs) return false;
    const lastUsed = labels[lastUsedLabel];
    if (lastUsed !== undefined && (!isDate(lastUsed) || lastUsed >= usedAfter)) return false;
    return isGenerated(secret) && !isMounted(secret, room);
  });
  attemptAll(stale, ({ metadata: { name, namespace = '', labels = {} } }) => {
    const invalidSince = labels[invalidSinceLabel] ?? '';
    if (!isDate(invalidSince)) {
      const body = { metadata: { labels: { [invalidSinceLabel]: dateOf(nowMs) } } };
      room.client.patch(secrets, namespace, name, { type: 'merge', body });
    } else if (invalidSince < usedAfter) room.client.delete(secrets, namespace, name);
  });
}

/** The day after which uses of tokens are known; null where nobody says. */
function trackedSinceMs({ client }: Room): number | null {
  try {
    const { data = {} }: ConfigMap = client.get(configMaps, 'kube-system', trackingConfigMap);
    const since = data['since'] ?? '';
    return isDate(since) ? parseTime(`${since}T00:00:00Z`) + dayMs : null;
  } catch (error) {
    if (isStatus(error, 'NotFound')) return null;
    throw error;
  }
}

function isDate(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text);
}

function dateOf(ms: number): string {
  return formatTime(ms).slice(0, 10);
}

function isMounted({ metadata: { name, namespace } }: Secret, { podCache }: Room): boolean {
  for (const pod of podCache.list())
    if (pod.metadata.namespace === namespace && namesSecret(pod, name)) return true;
  return false;
}

/** Whether a pod needs a Secret in one of its volumes, variables or pulls. Upstream: VisitPodSecretNames */
function namesSecret({ spec }: Pod, name: string): boolean {
  const { volumes = [], imagePullSecrets = [], containers, initContainers = [] } = spec;
  if (imagePullSecrets.some((one) => one.name === name)) return true;
  const isVolume = volumes.some(
    ({ secret, projected }) =>
      secret?.secretName === name || (projected?.sources ?? []).some((one) => one.secret?.name === name),
  );
  if (isVolume) return true;
  return [...containers, ...initContainers].some(
    ({ env = [], envFrom = [] }) =>
      env.some(({ valueFrom }) => valueFrom?.secretKeyRef?.name === name) ||
      envFrom.some(({ secretRef }) => secretRef?.name === name),
  );
}
