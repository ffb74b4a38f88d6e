// Upstream: pkg/apis/admissionregistration/{v1/defaults.go,validation/validation.go}
import type { ValidatingWebhookConfiguration } from '#generated/types/admissionregistration.v1.ts';
import { ageColumn, column, nameColumn } from '../columns.ts';
import type { Kind } from '../kind.ts';
import { mapList, withField } from '../sharing.ts';
import { defaultWebhook, validateWebhooks } from './webhooks.ts';

export type { ValidatingWebhookConfiguration };

export const validatingWebhookConfigurations: Kind<ValidatingWebhookConfiguration> = {
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  kind: 'ValidatingWebhookConfiguration',
  plural: 'validatingwebhookconfigurations',
  singular: 'validatingwebhookconfiguration',
  shortNames: [],
  categories: ['api-extensions'],
  namespaced: false,
  schema: 'io.k8s.api.admissionregistration.v1.ValidatingWebhookConfiguration',
  hasStatus: false,
  countsGenerations: true,
  defaults(configuration) {
    const { webhooks } = configuration;
    const completed = mapList(webhooks, defaultWebhook);
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
