// Upstream: pkg/registry/apps/deployment/storage/storage.go ScaleREST
import type { Scale } from '#generated/types/autoscaling.v1.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import { invalidValue } from '#kubernetes/apimachinery/fieldErrors.ts';
import { applyMergePatch } from '#kubernetes/apimachinery/mergePatch.ts';
import { conflict, invalid } from '#kubernetes/apimachinery/statusError.ts';
import type { Call } from '../context.ts';
import { modifiedSince } from '../storage.ts';
import { replaceObject } from '../verbs/update.ts';
import type { Subresource } from './subresource.ts';

/** GET, PUT and PATCH of NAME/scale: one number of any kind that can be scaled. */
export const scale: Subresource = {
  serves: ({ info, kind }) => info.subresource === 'scale' && kind.scale !== undefined,
  serve(call, context) {
    const { request, info, stored } = call;
    const object = context.storage.read(stored, info.namespace, info.name);
    const shown = scaleOf(object, call);
    if (request.method === 'GET') return { status: 200, body: shown };
    const asked = requestedScale(shown, call);
    const replicas = asked.spec?.replicas ?? 0;
    const wanted = asked.metadata?.resourceVersion;
    if (wanted && wanted !== object.metadata.resourceVersion) {
      throw conflict(call.kind.group, call.kind.plural, info.name, modifiedSince);
    }
    if (!Number.isInteger(replicas) || replicas < 0) {
      throw invalid('autoscaling', 'Scale', info.name, [
        invalidValue('spec.replicas', replicas, 'must be greater than or equal to 0'),
      ]);
    }
    const next = setPath(object, call.kind.scale!.specReplicas, replicas) as KubeObject;
    const spec = { ...call, info: { ...info, subresource: '' } };
    const scaled = replaceObject(next, object, spec, context, { writtenAs: call });
    return { status: 200, body: scaleOf(scaled, call) };
  },
};

function requestedScale(shown: Scale, { request }: Call): Partial<Scale> {
  if (request.method === 'PUT') return request.body as Partial<Scale>;
  return applyMergePatch(shown, request.body);
}

function scaleOf(object: KubeObject, { kind }: Call): Scale {
  const paths = kind.scale!;
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, ...(namespace && { namespace }), uid, resourceVersion, creationTimestamp },
    spec: { replicas: numberAt(object, paths.specReplicas) },
    status: { replicas: numberAt(object, paths.statusReplicas), selector: paths.selector(object) },
  };
}

function numberAt(object: unknown, path: readonly string[]): number {
  const value = path.reduce<unknown>(
    (at, field) => (at as Record<string, unknown> | undefined)?.[field],
    object,
  );
  return typeof value === 'number' ? value : 0;
}

function setPath(object: unknown, path: readonly string[], value: unknown): unknown {
  const [field, ...rest] = path;
  if (field === undefined) return value;
  const record = (object ?? {}) as Record<string, unknown>;
  return { ...record, [field]: setPath(record[field], rest, value) };
}
