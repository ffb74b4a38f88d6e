// Upstream: apiserver/pkg/util/webhook/client.go, apiserver/pkg/admission/plugin/webhook/{generic,errors}
import type { Service } from '#generated/types/core.v1.ts';
import type { MutatingWebhook, ValidatingWebhook } from '#generated/types/admissionregistration.v1.ts';
import type { Status } from '#generated/types/meta.v1.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import { badRequest, StatusError } from '#kubernetes/apimachinery/statusError.ts';
import type { AdmissionRequest, ServerContext } from '../../context.ts';
import { newUid } from '../../uid.ts';
import { celInput, matchConditions } from '../celInput.ts';
import { matchesRequest } from '../matching.ts';
import { createReview, readReview, type ReviewResponse } from './review.ts';

export type Webhook = MutatingWebhook | ValidatingWebhook;

const defaultTimeoutSeconds = 10;
const spokenVersions = ['v1', 'v1beta1'];

/** A webhook that could not be asked; the failure policy decides what that means. */
class CallFailure extends Error {
  override name = 'CallFailure';
}

/** Where a webhook is, and how its URL reads in errors. */
interface Target {
  readonly url: string;
  readonly host: string;
  readonly port: number;
  readonly path: string;
}

/** Whether a request is one that the webhook asked for. Throws when its conditions cannot be told. */
export function wants(
  webhook: Webhook,
  object: KubeObject | undefined,
  request: AdmissionRequest,
  context: ServerContext,
): boolean {
  const { rules = [], matchPolicy, namespaceSelector, objectSelector, failurePolicy } = webhook;
  const match = {
    rules,
    ...(matchPolicy && { matchPolicy }),
    ...(namespaceSelector && { namespaceSelector }),
    ...(objectSelector && { objectSelector }),
  };
  if (!matchesRequest(match, object, request, context)) return false;
  if (!webhook.matchConditions?.length) return true;
  const input = celInput(object, request, context);
  const matches = matchConditions(webhook.matchConditions, input, failurePolicy);
  if (typeof matches === 'object') throw internalError(matches.error);
  return matches;
}

/** 500: `Internal error occurred: WHY`. */
export function internalError(message: string): StatusError {
  return new StatusError('InternalError', `Internal error occurred: ${message}`, { causes: [{ message }] });
}

/** The Service or URL behind a webhook, with the address that packets go to. */
function targetOf(
  { clientConfig, timeoutSeconds = defaultTimeoutSeconds }: Webhook,
  context: ServerContext,
): Target {
  const query = `?timeout=${timeoutSeconds}s`;
  const { service, url = '' } = clientConfig;
  if (service === undefined) {
    const [, host = '', port = '443', path = ''] = /^https:\/\/([^/:]+)(?::(\d+))?(.*)$/.exec(url) ?? [];
    return { url: url + query, host, port: Number(port), path: `${path || '/'}${query}` };
  }
  const { name, namespace, port = 443 } = service;
  const path = `${service.path?.startsWith('/') ? service.path : `/${service.path ?? ''}`}${query}`;
  const full = `https://${name}.${namespace}.svc:${port}${path}`;
  const services = context.kinds.findResource('', 'v1', 'services')!;
  const found = context.storage.get(services, namespace, name) as Service | undefined;
  if (found === undefined)
    throw new CallFailure(
      `failed to call webhook: Post "${full}": service ${JSON.stringify(name)} not found`,
    );
  const { type, clusterIP = '', externalName = '', ports = [] } = found.spec;
  if (type !== 'ExternalName' && !ports.some((one) => one.port === port))
    throw new CallFailure(
      `failed to call webhook: Post "${full}": no service port ${port} found for service ${JSON.stringify(name)}`,
    );
  return { url: full, host: type === 'ExternalName' ? externalName : clusterIP, port, path };
}

/** How the client of the API server puts an answer that is no success. */
function statusText(status: number, body: string): string {
  const known: Readonly<Record<number, string>> = {
    400: 'the server rejected our request for an unknown reason',
    401: 'the server has asked for the client to provide credentials',
    403: 'forbidden: unknown',
    404: 'the server could not find the requested resource',
    405: 'the server does not allow this method on the requested resource',
    500: `an error on the server (${JSON.stringify(body.trim() || 'unknown')}) has prevented the request from succeeding`,
    503: 'the server is currently unable to handle the request',
    504: 'the server was unable to return a response in the time allotted, but may still be processing the request',
  };
  return (
    known[status] ?? `the server responded with the status code ${status} but did not return more information`
  );
}

/** Sends one review and reads the answer. Throws a CallFailure. The time that it takes is the caller's. */
function exchange(
  webhook: Webhook,
  object: KubeObject | undefined,
  request: AdmissionRequest,
  context: ServerContext,
  mutates: boolean,
): { readonly response: ReviewResponse; readonly latencyMs: number } {
  const { admissionReviewVersions, timeoutSeconds = defaultTimeoutSeconds } = webhook;
  const version = admissionReviewVersions.find((one) => spokenVersions.includes(one)) ?? 'v1';
  const uid = newUid(context.simulation.random('uids/admission-reviews'));
  const target = targetOf(webhook, context);
  const send = context.extensions.webhooks;
  if (send === undefined) throw new CallFailure(`failed to call webhook: Post "${target.url}": no network`);
  const body = JSON.stringify(createReview(version, uid, object, request));
  const answer = send({ host: target.host, port: target.port, path: target.path, body });
  const timeoutMs = timeoutSeconds * 1000;
  if (answer === 'timeout' || answer.latencyMs > timeoutMs) {
    context.wait(timeoutMs);
    throw new CallFailure(`failed to call webhook: Post "${target.url}": context deadline exceeded`);
  }
  if ('error' in answer) {
    context.wait(answer.latencyMs);
    throw new CallFailure(`failed to call webhook: Post "${target.url}": ${answer.error}`);
  }
  if (answer.status < 200 || answer.status > 299) {
    context.wait(answer.latencyMs);
    throw new CallFailure(`failed to call webhook: ${statusText(answer.status, answer.body)}`);
  }
  try {
    return { response: readReview(answer.body, version, uid, mutates), latencyMs: answer.latencyMs };
  } catch (error) {
    context.wait(answer.latencyMs);
    throw new CallFailure(`received invalid webhook response: ${(error as Error).message}`);
  }
}

/** What a webhook that says no makes the server answer. Upstream: webhookerrors.ToStatusErr */
function refusal(name: string, status: Partial<Status> = {}): StatusError {
  const by = `admission webhook ${JSON.stringify(name)} denied the request`;
  const { message, reason, code = 0, details } = status;
  const why = message || reason;
  const { reason: known } = StatusError.from({ ...status, status: 'Failure', metadata: {} });
  return new StatusError(
    known,
    why ? `${by}: ${why}` : `${by} without explanation`,
    details,
    code < 400 ? 400 : code,
  );
}

/**
 * Asks a webhook about a request. Undefined when it could not be asked and that does not matter. Throws StatusError
 * when it says no, or when it could not be asked and that does matter. `latencyMs` is left to the caller to wait for.
 */
export function callWebhook(
  webhook: Webhook,
  object: KubeObject | undefined,
  request: AdmissionRequest,
  context: ServerContext,
  mutates: boolean,
): { readonly response: ReviewResponse; readonly latencyMs: number } | undefined {
  const { name, sideEffects, failurePolicy } = webhook;
  if (request.dryRun && sideEffects !== 'None' && sideEffects !== 'NoneOnDryRun')
    throw badRequest(`admission webhook ${JSON.stringify(name)} does not support dry run`);
  let answer;
  try {
    answer = exchange(webhook, object, request, context, mutates);
  } catch (error) {
    if (!(error instanceof CallFailure)) throw error;
    if (failurePolicy === 'Ignore') return undefined;
    throw internalError(`failed calling webhook ${JSON.stringify(name)}: ${error.message}`);
  }
  request.warnings?.push(...answer.response.warnings);
  if (!answer.response.allowed) {
    context.wait(answer.latencyMs);
    throw refusal(name, answer.response.status);
  }
  return answer;
}
