// Upstream: apiserver/pkg/admission/plugin/webhook/{generic,errors}
import type { MutatingWebhook, ValidatingWebhook } from '#generated/types/admissionregistration.v1.ts';
import type { Status } from '#generated/types/meta.v1.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import { badRequest, StatusError } from '#kubernetes/apimachinery/statusError.ts';
import type { AdmissionRequest, ServerContext } from '../../context.ts';
import { newUid } from '../../uid.ts';
import { celInput, matchConditions } from '../celInput.ts';
import { matchesRequest } from '../matching.ts';
import { CallFailure, post } from './post.ts';
import { createReview, readReview, type ReviewResponse } from './review.ts';

export type Webhook = MutatingWebhook | ValidatingWebhook;

const defaultTimeoutSeconds = 10;
const spokenVersions = ['v1', 'v1beta1'];

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

function ask({ clientConfig }: Webhook, timeoutSeconds: number, review: object, context: ServerContext) {
  try {
    return post(clientConfig, timeoutSeconds, JSON.stringify(review), context);
  } catch (error) {
    throw error instanceof CallFailure ? new CallFailure(`failed to call webhook: ${error.message}`) : error;
  }
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
  const { latencyMs, body } = ask(
    webhook,
    timeoutSeconds,
    createReview(version, uid, object, request),
    context,
  );
  try {
    return { response: readReview(body, version, uid, mutates), latencyMs };
  } catch (error) {
    context.wait(latencyMs);
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
