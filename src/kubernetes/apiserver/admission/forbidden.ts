// Upstream: apiserver/pkg/admission/errors.go NewForbidden
import type { KubeObject } from '#kubernetes/api/object.ts';
import { StatusError, qualifiedResource } from '#kubernetes/apimachinery/statusError.ts';
import type { AdmissionRequest } from '../context.ts';

/** 403: `pods "web" is forbidden: WHY`, for a plugin to throw. */
export function forbiddenBy({ kind, name }: AdmissionRequest, why: string): StatusError {
  return new StatusError(
    'Forbidden',
    `${qualifiedResource(kind.group, kind.plural)} "${name}" is forbidden: ${why}`,
    { name, ...(kind.group && { group: kind.group }), kind: kind.plural },
  );
}

/**
 * As `forbiddenBy`, for plugins that change objects: they are asked before a name is generated, so that their
 * sentences name an object by what its name is generated from.
 */
export function forbiddenUnnamed(
  { metadata }: KubeObject,
  request: AdmissionRequest,
  why: string,
): StatusError {
  const { name, generateName } = metadata;
  const isGenerated = generateName !== undefined && generateName !== '' && name.startsWith(generateName);
  return forbiddenBy({ ...request, name: isGenerated ? generateName : name }, why);
}
