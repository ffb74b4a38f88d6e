// Upstream: apiserver/pkg/admission/plugin/webhook/validating/dispatcher.go
import { validatingWebhookConfigurations } from '#kubernetes/api/admissionregistration/validatingWebhookConfiguration.ts';
import type { AdmissionPlugin } from '../../context.ts';
import { followed } from '../../kindCache.ts';
import { isExempt } from '../matching.ts';
import { callWebhook, wants } from './callWebhook.ts';

const configurationsOf = followed(validatingWebhookConfigurations);

/** Asks the webhooks that may refuse. They are asked all at once, so that the slowest says how long it takes. */
export const validatingAdmissionWebhook: AdmissionPlugin = {
  name: 'ValidatingAdmissionWebhook',
  validate(object, request, context) {
    const configurations = configurationsOf(context.storage);
    if (configurations.length === 0 || isExempt(request)) return;
    let slowestMs = 0;
    for (const { webhooks = [] } of configurations) {
      for (const webhook of webhooks) {
        if (!wants(webhook, object, request, context)) continue;
        const answer = callWebhook(webhook, object, request, context, false);
        slowestMs = Math.max(slowestMs, answer?.latencyMs ?? 0);
      }
    }
    if (slowestMs > 0) context.wait(slowestMs);
  },
};
