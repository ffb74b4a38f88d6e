// Upstream: podEphemeralContainersStrategy and podResizeStrategy in pkg/registry/core/pod/strategy.go
import type { Pod } from '#generated/types/core.v1.ts';
import { pods } from '#kubernetes/api/core/pod.ts';
import { validateEphemeralUpdate } from '#kubernetes/api/ephemeralContainers.ts';
import { under } from '#kubernetes/api/fieldChecks.ts';
import type { Kind } from '#kubernetes/api/kind.ts';
import { resizedPod, validatePodResize } from '#kubernetes/api/podResize.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import { validatePodOnly, validatePodSpec } from '#kubernetes/api/podSpecValidation.ts';
import { withField } from '#kubernetes/api/sharing.ts';
import { StatusError } from '#kubernetes/apimachinery/statusError.ts';
import { patch } from '../verbs/patch.ts';
import { get } from '../verbs/read.ts';
import { update } from '../verbs/update.ts';
import { shown } from '../wire/presentation.ts';
import type { Subresource } from './subresource.ts';

const isValid: Pick<Kind<Pod>, 'validate'> = {
  validate: ({ spec }) => under('spec', [...validatePodSpec(spec), ...validatePodOnly(spec)]),
};

/** By subresource, pods as only that part of their spec may change. */
const parts: Readonly<Record<string, Kind<Pod>>> = {
  ephemeralcontainers: {
    ...pods,
    ...isValid,
    prepareForUpdate: ({ spec }, old) =>
      withField(old, 'spec', withField(old.spec, 'ephemeralContainers', spec.ephemeralContainers)),
    validateUpdate: validateEphemeralUpdate,
    // Nothing but the container itself is new, and what is not simulated of it is told by the list of such fields.
    warnings: () => [],
  },
  resize: {
    ...pods,
    ...isValid,
    prepareForUpdate: resizedPod,
    validateUpdate: validatePodResize,
    warnings: () => [],
  },
};

/** GET, PUT and PATCH of pods/NAME/ephemeralcontainers and pods/NAME/resize: a pod, of which one part may change. */
export const podSpecParts: Subresource = {
  serves: ({ info }) => info.resource === 'pods' && parts[info.subresource] !== undefined,
  serve(call, context) {
    const kind = parts[call.info.subresource]!;
    const own = { ...call, kind, stored: kind };
    const answer = (pod: KubeObject) => ({
      status: 200,
      body: call.request.inProcess ? pod : shown(pod, call, context),
    });
    switch (call.request.method) {
      case 'GET':
        return answer(get(call, context));
      case 'PUT':
        return answer(update(own, context));
      case 'PATCH':
        return answer(patch(own, context).object);
      default:
        throw new StatusError(
          'MethodNotAllowed',
          'the server does not allow this method on the requested resource',
        );
    }
  },
};
