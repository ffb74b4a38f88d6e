// Upstream: pkg/apis/admissionregistration/{v1/defaults.go,validation/validation.go}
import type { MutatingWebhookConfiguration } from '#generated/types/admissionregistration.v1.ts';
import { ageColumn, column, nameColumn } from '../columns.ts';
import type { Kind } from '../kind.ts';
import { mapList, withDefaults, withField } from '../sharing.ts';
import { defaultWebhook, validateWebhooks } from './webhooks.ts';

export type { MutatingWebhookConfiguration };

export const mutatingWebhookConfigurations: Kind<MutatingWebhookConfiguration> = {
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  kind: 'MutatingWebhookConfiguration',
  plural: 'mutatingwebhookconfigurations',
  singular: 'mutatingwebhookconfiguration',
  shortNames: [],
  categories: ['api-extensions'],
  namespaced: false,
  schema: 'io.k8s.api.admissionregistration.v1.MutatingWebhookConfiguration',
  hasStatus: false,
  countsGenerations: true,
  defaults(configuration) {
    const { webhooks } = configuration;
    const completed = mapList(webhooks, (webhook) =>
      withDefaults(defaultWebhook(webhook), { reinvocationPolicy: 'Never' }),
    );
    return withField(configuration, 'webhooks', completed);
  },
  validate: ({ webhooks }) => validateWebhooks(webhooks),
  columns: [
    nameColumn,
    {
      ...column('Webhooks', ({ webhooks }) => webhooks?.length ?? 0, 'integer'),
      description: 'Webhooks indicates the number of webhooks registered in this configuration',
    },
    ageColumn,
  ],
};
