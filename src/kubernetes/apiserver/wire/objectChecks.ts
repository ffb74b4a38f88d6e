// Upstream: apiserver/pkg/endpoints/handlers/{create,update,rest}.go, apiserver/pkg/registry/generic/registry/store.go
import { type AnyKind, apiVersionOf } from '#kubernetes/api/kind.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import { invalidValue } from '#kubernetes/apimachinery/fieldErrors.ts';
import { isObject } from '#kubernetes/apimachinery/goValue.ts';
import { badRequest, invalid } from '#kubernetes/apimachinery/statusError.ts';
import type { Call, ServerContext } from '../context.ts';

/** Kinds that a PUT makes where they are not there yet. Upstream: their strategies' AllowCreateOnUpdate */
const madeByUpdate = new Set([
  'clusterrolebindings.rbac.authorization.k8s.io',
  'clusterroles.rbac.authorization.k8s.io',
  'endpoints.',
  'events.',
  'events.events.k8s.io',
  'leases.coordination.k8s.io',
  'limitranges.',
  'rolebindings.rbac.authorization.k8s.io',
  'roles.rbac.authorization.k8s.io',
  'runtimeclasses.node.k8s.io',
  'services.',
]);

/** Kinds whose updates must say which version they change. Upstream: their strategies' AllowUnconditionalUpdate */
const updatedByVersion = new Set([
  'apiservices.apiregistration.k8s.io',
  'csidrivers.storage.k8s.io',
  'csinodes.storage.k8s.io',
  'csistoragecapacities.storage.k8s.io',
  'customresourcedefinitions.apiextensions.k8s.io',
  'leases.coordination.k8s.io',
  'mutatingadmissionpolicies.admissionregistration.k8s.io',
  'mutatingadmissionpolicybindings.admissionregistration.k8s.io',
  'mutatingwebhookconfigurations.admissionregistration.k8s.io',
  'poddisruptionbudgets.policy',
  'runtimeclasses.node.k8s.io',
  'validatingadmissionpolicies.admissionregistration.k8s.io',
  'validatingadmissionpolicybindings.admissionregistration.k8s.io',
  'validatingwebhookconfigurations.admissionregistration.k8s.io',
  'volumeattachments.storage.k8s.io',
]);

const resourceOf = ({ plural, group }: AnyKind) => `${plural}.${group}`;

/** Refuses an object of a version or kind that the server does not serve. Throws BadRequest. */
export function checkType({ kind: expected, request }: Call, { kinds }: ServerContext): void {
  if (!isObject(request.body)) return;
  const kind = request.body['kind'] || expected.kind;
  const apiVersion = request.body['apiVersion'] || apiVersionOf(expected);
  if (typeof kind !== 'string' || typeof apiVersion !== 'string') {
    const field = typeof kind === 'string' ? 'apiVersion' : 'kind';
    const given = request.body[field];
    const type = Array.isArray(given) ? 'array' : typeof given === 'boolean' ? 'bool' : typeof given;
    throw badRequest(
      `couldn't get version/kind; json parse error: json: cannot unmarshal ${type} into Go struct field .${field} of type string`,
    );
  }
  if (
    (expected.custom === undefined && kinds.findKind(apiVersion, kind) !== undefined) ||
    (kind === expected.kind && apiVersion === apiVersionOf(expected))
  )
    return;
  if (expected.custom !== undefined) return checkCustomType(kind, apiVersion, request.body, expected);
  const version = JSON.stringify(apiVersion.split('/').at(-1));
  const registered = `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)}`;
  throw badRequest(
    `${kind} in version ${version} cannot be handled as a ${expected.kind}: ${registered} in scheme "pkg/api/legacyscheme/scheme.go:30"`,
  );
}

/** Custom resources are read without a scheme. Upstream: apiextensions customresource/validator.go ValidateTypeMeta */
function checkCustomType(
  kind: string,
  apiVersion: string,
  { metadata }: Readonly<Record<string, unknown>>,
  expected: AnyKind,
): void {
  const wanted = apiVersionOf(expected);
  if (apiVersion !== wanted)
    throw badRequest(
      `the API version in the data (${apiVersion}) does not match the expected API version (${wanted})`,
    );
  const name = isObject(metadata) && typeof metadata['name'] === 'string' ? metadata['name'] : '';
  throw invalid(expected.group, kind, name, [invalidValue('kind', kind, `must be ${expected.kind}`)]);
}

/** Refuses an update whose object does not say what it is of. Throws BadRequest, or Invalid where it must say its version. */
export function checkUpdate({ request, info, kind, stored }: Call, context: ServerContext): void {
  if (!isObject(request.body)) return;
  const { metadata } = request.body as Partial<KubeObject>;
  if (!isObject(metadata) || !metadata['name']) {
    throw badRequest(
      `the name of the object (${info.name} based on URL) was undeterminable: name must be provided`,
    );
  }
  const { name } = metadata;
  if (typeof name === 'string' && name !== info.name)
    throw badRequest(`the name of the object (${name}) does not match the name on the URL (${info.name})`);
  if (
    metadata['resourceVersion'] ||
    !(stored.custom !== undefined || updatedByVersion.has(resourceOf(stored)))
  )
    return;
  if (context.storage.get(stored, info.namespace, info.name) === undefined) return;
  // Upstream names the resource where one would expect the kind.
  throw invalid(kind.group, kind.plural, info.name, [
    invalidValue('metadata.resourceVersion', 0, 'must be specified for an update'),
  ]);
}

/** True for a PUT of an object that is not there yet, of a kind that may be made so. */
export function createsOnUpdate({ stored, info }: Call, { storage }: ServerContext): boolean {
  return (
    info.subresource === '' &&
    madeByUpdate.has(resourceOf(stored)) &&
    storage.get(stored, info.namespace, info.name) === undefined
  );
}
