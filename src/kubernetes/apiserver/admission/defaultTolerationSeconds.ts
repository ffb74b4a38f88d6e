// Upstream: plugin/pkg/admission/defaulttolerationseconds/admission.go
import type { Pod, PodSpec, Toleration } from '#generated/types/core.v1.ts';
import type { AdmissionPlugin } from '../context.ts';

/** Upstream: --default-not-ready-toleration-seconds and --default-unreachable-toleration-seconds. */
const tolerationSeconds = 300;
const keys = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'];

const added: readonly Toleration[] = keys.map((key) => ({
  key,
  operator: 'Exists',
  effect: 'NoExecute',
  tolerationSeconds,
}));

const remembered = new WeakMap<PodSpec, PodSpec>();

/** Pods outlive a lost node by five minutes unless they say otherwise. Remembered per template (D4). */
export const defaultTolerationSeconds: AdmissionPlugin = {
  name: 'DefaultTolerationSeconds',
  handles: ({ operation, kind, subresource }) =>
    operation === 'CREATE' && kind.plural === 'pods' && subresource === '',
  admit(object) {
    const pod = object as Pod;
    let spec = remembered.get(pod.spec);
    if (spec === undefined) {
      spec = withTolerations(pod.spec);
      remembered.set(pod.spec, spec);
    }
    return spec === pod.spec ? pod : { ...pod, spec };
  },
};

function withTolerations(spec: PodSpec): PodSpec {
  const present = spec.tolerations ?? [];
  const missing = added.filter(
    ({ key }) =>
      !present.some(
        (toleration) =>
          (toleration.key === key || !toleration.key) &&
          (toleration.effect === 'NoExecute' || !toleration.effect),
      ),
  );
  return missing.length === 0 ? spec : { ...spec, tolerations: [...present, ...missing] };
}
