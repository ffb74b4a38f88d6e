// Upstream: plugin/pkg/admission/serviceaccount/admission.go
import type { Container, Pod, PodSpec, ServiceAccount, Volume } from '#generated/types/core.v1.ts';
import { StatusError } from '#kubernetes/apimachinery/statusError.ts';
import type { AdmissionPlugin, ServerContext } from '../context.ts';

const mountPath = '/var/run/secrets/kubernetes.io/serviceaccount';
const suffixAlphabet = 'bcdfghjklmnpqrstvwxz2456789';
/** Upstream: pkg/serviceaccount WarnOnlyBoundTokenExpirationSeconds. */
const tokenExpirationSeconds = 3607;

/**
 * Every pod runs as a service account and finds its token mounted. The volume's random name is drawn once per
 * template instead of once per pod, so that a thousand replicas share one `spec.containers` (D4). It is
 * remembered per server: another session in the same process must draw for itself.
 */
const memories = new WeakMap<ServerContext, WeakMap<PodSpec, Remembered>>();

interface Remembered {
  readonly account: ServiceAccount;
  readonly spec: PodSpec;
}

export const serviceAccount: AdmissionPlugin = {
  name: 'ServiceAccount',
  handles: ({ operation, kind, subresource }) =>
    operation === 'CREATE' && kind.plural === 'pods' && subresource === '',
  admit(object, { namespace }, context) {
    const pod = object as Pod;
    if (pod.metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined) return object;
    const name = pod.spec.serviceAccountName || 'default';
    const accounts = context.kinds.findResource('', 'v1', 'serviceaccounts')!;
    const account = context.storage.get(accounts, namespace, name) as ServiceAccount | undefined;
    if (account === undefined) {
      const why = `error looking up service account ${namespace}/${name}: serviceaccount "${name}" not found`;
      const podName = pod.metadata.name ?? '';
      throw new StatusError('Forbidden', `pods "${podName}" is forbidden: ${why}`, {
        name: podName,
        kind: 'pods',
      });
    }
    const spec = admittedSpec(pod.spec, name, account, context);
    return spec === pod.spec ? pod : { ...pod, spec };
  },
};

function admittedSpec(spec: PodSpec, name: string, account: ServiceAccount, context: ServerContext): PodSpec {
  let memory = memories.get(context);
  if (memory === undefined) {
    memory = new WeakMap();
    memories.set(context, memory);
  }
  const known = memory.get(spec);
  if (known?.account === account) return known.spec;
  const admitted = withAccount(spec, name, account, context);
  memory.set(spec, { account, spec: admitted });
  return admitted;
}

function withAccount(spec: PodSpec, name: string, account: ServiceAccount, context: ServerContext): PodSpec {
  const named: PodSpec = {
    ...spec,
    serviceAccountName: name,
    serviceAccount: name,
    ...(account.imagePullSecrets && !spec.imagePullSecrets && { imagePullSecrets: account.imagePullSecrets }),
  };
  const mounts = spec.automountServiceAccountToken ?? account.automountServiceAccountToken ?? true;
  if (!mounts) return named;
  const volume = tokenVolume(context);
  const mounted = (container: Container): Container =>
    container.volumeMounts?.some((mount) => mount.mountPath === mountPath)
      ? container
      : {
          ...container,
          volumeMounts: [...(container.volumeMounts ?? []), { name: volume.name, readOnly: true, mountPath }],
        };
  return {
    ...named,
    volumes: [...(spec.volumes ?? []), volume],
    containers: spec.containers.map(mounted),
    ...(spec.initContainers && { initContainers: spec.initContainers.map(mounted) }),
  };
}

function tokenVolume({ simulation }: ServerContext): Volume {
  const random = simulation.random('names/token-volumes');
  let name = 'kube-api-access-';
  for (let i = 0; i < 5; i++) name += suffixAlphabet[random.below(suffixAlphabet.length)]!;
  return {
    name,
    projected: {
      defaultMode: 420,
      sources: [
        { serviceAccountToken: { expirationSeconds: tokenExpirationSeconds, path: 'token' } },
        { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
        {
          downwardAPI: {
            items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }],
          },
        },
      ],
    },
  };
}
