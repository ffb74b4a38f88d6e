// Upstream: apiserver/pkg/admission/plugin/webhook/request/admissionreview.go
import type { KubeObject } from '#kubernetes/api/object.ts';
import type { Status } from '#generated/types/meta.v1.ts';
import { decodeBase64 } from '#kubernetes/api/base64.ts';
import type { AdmissionRequest } from '../../context.ts';
import { describeRequest } from '../celInput.ts';

/** What a webhook says of a request, whichever version of the review it speaks. */
export interface ReviewResponse {
  readonly allowed: boolean;
  readonly status: Partial<Status> | undefined;
  readonly warnings: readonly string[];
  /** A JSON patch; empty when the object stays. */
  readonly patch: readonly unknown[];
}

const group = 'admission.k8s.io';

/** The AdmissionReview that asks about a request. */
export function createReview(
  version: string,
  uid: string,
  object: KubeObject | undefined,
  request: AdmissionRequest,
): object {
  return {
    kind: 'AdmissionReview',
    apiVersion: `${group}/${version}`,
    request: {
      uid,
      ...describeRequest(request),
      object: object ?? null,
      oldObject: request.old ?? null,
    },
  };
}

/** The decoded patch of a response. Throws an Error with the reason why there is none. */
function readPatch(response: Record<string, unknown>, version: string): readonly unknown[] {
  const { patch, patchType } = response;
  if (!patch && !patchType) return [];
  if (version === 'v1') {
    if (!patchType) throw new Error('webhook returned response.patch but not response.patchType');
    if (!patch) throw new Error('webhook returned response.patchType but not response.patch');
    if (patchType !== 'JSONPatch')
      throw new Error(`webhook returned invalid response.patchType of ${JSON.stringify(patchType)}`);
  }
  const bytes = typeof patch === 'string' ? decodeBase64(patch) : undefined;
  const decoded: unknown = bytes && JSON.parse(utf8(bytes));
  if (!Array.isArray(decoded)) throw new Error('received undecodable patch in webhook response');
  return decoded as unknown[];
}

function utf8(bytes: Uint8Array): string {
  const escaped = Array.from(bytes, (byte) => `%${byte.toString(16).padStart(2, '0')}`);
  return decodeURIComponent(escaped.join(''));
}

/** What a webhook answers, if it is what it should be. */
interface Review {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly response?: Record<string, unknown> | null;
}

/** Reads a webhook's answer. Throws an Error with what is wrong with it. */
export function readReview(text: string, version: string, uid: string, mutates: boolean): ReviewResponse {
  let review: Review;
  try {
    review = JSON.parse(text) as Review;
  } catch {
    throw new Error(
      `couldn't get version/kind; json parse error: invalid character in ${JSON.stringify(text.slice(0, 20))}`,
    );
  }
  const wanted = `${group}/${version}`;
  if (review.apiVersion !== wanted || review.kind !== 'AdmissionReview')
    throw new Error(
      `expected webhook response of ${wanted}, Kind=AdmissionReview, got ${review.apiVersion ?? ''}, Kind=${review.kind ?? ''}`,
    );
  const { response } = review;
  if (typeof response !== 'object' || response === null) throw new Error('webhook response was absent');
  if (version === 'v1' && response['uid'] !== uid)
    throw new Error(
      `expected response.uid=${JSON.stringify(uid)}, got ${JSON.stringify(response['uid'] ?? '')}`,
    );
  return {
    allowed: response['allowed'] === true,
    status: response['status'] as Partial<Status> | undefined,
    warnings: (response['warnings'] as string[] | undefined) ?? [],
    patch: mutates ? readPatch(response, version) : [],
  };
}
