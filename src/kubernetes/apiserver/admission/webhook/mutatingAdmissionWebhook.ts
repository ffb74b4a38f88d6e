// Upstream: apiserver/pkg/admission/plugin/webhook/mutating/dispatcher.go
import { mutatingWebhookConfigurations } from '#kubernetes/api/admissionregistration/mutatingWebhookConfiguration.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import { applyJsonPatch } from '#kubernetes/apimachinery/jsonPatch.ts';
import { share } from '#kubernetes/apimachinery/structure.ts';
import type { AdmissionPlugin, AdmissionRequest } from '../../context.ts';
import { followed } from '../../kindCache.ts';
import { completed } from '../completed.ts';
import { isExempt } from '../matching.ts';
import { reinvocationOf } from '../reinvocation.ts';
import { callWebhook, internalError, wants } from './callWebhook.ts';

const configurationsOf = followed(mutatingWebhookConfigurations);

function patched(object: KubeObject, patch: readonly unknown[], request: AdmissionRequest): KubeObject {
  try {
    return share(completed(applyJsonPatch(object, patch), request), object);
  } catch (error) {
    throw internalError((error as Error).message);
  }
}

/** Hands an object through the webhooks that may change it, one after the other, by configuration. */
export const mutatingAdmissionWebhook: AdmissionPlugin = {
  name: 'MutatingAdmissionWebhook',
  admit(object, request, context) {
    const configurations = configurationsOf(context.storage);
    if (configurations.length === 0 || isExempt(request)) return object;
    const reinvocation = reinvocationOf(request);
    let next = object;
    for (const { webhooks = [] } of configurations) {
      for (const webhook of webhooks) {
        const { reinvocationPolicy } = webhook;
        if (!reinvocation.isDue(webhook, next, reinvocationPolicy)) continue;
        if (!wants(webhook, next, request, context)) continue;
        const answer = callWebhook(webhook, next, request, context, true);
        if (answer !== undefined) {
          context.wait(answer.latencyMs);
          const { patch } = answer.response;
          if (patch.length > 0) next = patched(next, patch, request);
        }
        reinvocation.remember(webhook, next, reinvocationPolicy);
      }
    }
    return next;
  },
  /** Deletions and connections have nothing that could be changed, but may be refused here too. */
  validate(object, request, context) {
    if (request.operation !== 'DELETE' && request.operation !== 'CONNECT') return;
    const configurations = configurationsOf(context.storage);
    if (configurations.length === 0 || isExempt(request)) return;
    for (const { webhooks = [] } of configurations) {
      for (const webhook of webhooks) {
        if (!wants(webhook, object, request, context)) continue;
        const answer = callWebhook(webhook, object, request, context, true);
        if (answer === undefined) continue;
        context.wait(answer.latencyMs);
        if (answer.response.patch.length > 0) throw internalError(unchangeable(webhook.name));
      }
    }
  },
};

function unchangeable(name: string): string {
  return `admission webhook ${JSON.stringify(name)} attempted to modify the object, which is not supported for this operation`;
}
