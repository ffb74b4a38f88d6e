import { apiVersionOf } from '#kubernetes/api/kind.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import { StatusError, badRequest } from '#kubernetes/apimachinery/statusError.ts';
import type { Call } from './context.ts';

/** Upstream: apiserver/pkg/server/config.go MaxRequestBodyBytes (3 MiB), counted in characters here. */
const bodyLengthMax = 3 * 1024 * 1024;

/** The request's body as an object of the call's kind, with type and metadata in place. */
export function decodeBody(call: Call): KubeObject {
  const { body } = call.request;
  if (typeof body === 'string' && body.length > bodyLengthMax) {
    throw new StatusError('RequestEntityTooLarge', `Request entity too large: limit is ${bodyLengthMax}`);
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw badRequest(
      `the object provided is unrecognized (must be of type ${call.kind.kind}): couldn't get version/kind; json parse error`,
    );
  }
  return typedObject(body as Partial<KubeObject>, call);
}

/** Checks that the object is of the path's kind and version, and fills both in where they are missing. */
export function typedObject(body: Partial<KubeObject>, call: Call): KubeObject {
  const apiVersion = apiVersionOf(call.kind);
  const { kind } = call.kind;
  if (body.apiVersion !== undefined && body.apiVersion !== apiVersion) {
    throw badRequest(
      `the API version in the data (${body.apiVersion}) does not match the expected API version (${apiVersion})`,
    );
  }
  if (body.kind !== undefined && body.kind !== kind) {
    throw badRequest(
      `${body.kind} in version "${call.kind.version}" cannot be handled as a ${kind}: no kind "${body.kind}" is registered for the requested path`,
    );
  }
  const complete = body.apiVersion !== undefined && body.kind !== undefined && body.metadata !== undefined;
  return (complete ? body : { metadata: {}, ...body, apiVersion, kind }) as KubeObject;
}
