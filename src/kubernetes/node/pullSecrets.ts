// Upstream: pkg/kubelet/kubelet_pods.go getPullSecretsForPod, pkg/credentialprovider
import type { Pod } from '#generated/types/core.v1.ts';
import { decodeBase64 } from '#kubernetes/api/base64.ts';
import { isStatus } from '#kubernetes/apimachinery/statusError.ts';
import { secretData } from './configData.ts';
import type { RegistryCredentials } from './imageStore.ts';
import type { NodeContext } from './nodeContext.ts';
import { ContainerConfigError } from './startErrors.ts';

interface Entry {
  readonly username?: string;
  readonly password?: string;
  /** `username:password` in base64. */
  readonly auth?: string;
}

/** `https://registry.example.com/v1/` names the host. */
function hostOf(address: string): string {
  const host = address.replace(/^https?:\/\//, '').replace(/\/.*$/, '');
  return host === 'index.docker.io' ? 'docker.io' : host;
}

function credentialsOf(registry: string, { username, password, auth }: Entry): RegistryCredentials {
  if (username !== undefined && password !== undefined)
    return { registry: hostOf(registry), username, password };
  const text = String.fromCharCode(...(decodeBase64(auth ?? '') ?? []));
  const [user = '', secret = ''] = text.split(/:(.*)/s);
  return { registry: hostOf(registry), username: user, password: secret };
}

/** The entries of a secret of either docker type; none where it is no JSON. */
function entriesOf(data: Readonly<Record<string, string>>): Readonly<Record<string, Entry>> {
  try {
    const config = data['.dockerconfigjson'];
    if (config !== undefined) return (JSON.parse(config) as { auths?: Record<string, Entry> }).auths ?? {};
    return JSON.parse(data['.dockercfg'] ?? '{}') as Record<string, Entry>;
  } catch {
    return {};
  }
}

/** What the pod has to show to registries; an event names the secrets that cannot be had. */
export function pullCredentials(pod: Pod, { client, recorder }: NodeContext): RegistryCredentials[] {
  const missing: string[] = [];
  const found: RegistryCredentials[] = [];
  for (const { name = '' } of pod.spec.imagePullSecrets ?? []) {
    try {
      const data = secretData(client, pod.metadata.namespace ?? '', name) ?? {};
      for (const [registry, entry] of Object.entries(entriesOf(data)))
        found.push(credentialsOf(registry, entry));
    } catch (error) {
      if (!(error instanceof ContainerConfigError) && !isStatus(error, 'Forbidden')) throw error;
      missing.push(name);
    }
  }
  if (missing.length > 0) {
    const message = `Unable to retrieve some image pull secrets (${missing.join(', ')}); attempting to pull the image may not succeed.`;
    recorder.event(pod, 'Warning', 'FailedToRetrieveImagePullSecret', message);
  }
  return found;
}
