import { expect, test } from 'vitest';
import { cells, created, createErrors } from '../testing/kindTable.ts';
import { mutatingWebhookConfigurations as kind } from './mutatingWebhookConfiguration.ts';

const webhook = {
  name: 'add.example.com',
  admissionReviewVersions: ['v1'],
  sideEffects: 'None',
  clientConfig: { url: 'https://hook.example.com/add' },
};

test('a webhook is not called again unless it wants to be', () => {
  const [hook] = created(kind, { webhooks: [webhook] }).webhooks!;
  expect(hook).toMatchObject({ reinvocationPolicy: 'Never', timeoutSeconds: 10, failurePolicy: 'Fail' });
  expect(createErrors(kind, { webhooks: [webhook] })).toEqual([]);
  expect(createErrors(kind, { webhooks: [{ ...webhook, reinvocationPolicy: 'Always' }] })).toEqual([
    'webhooks[0].reinvocationPolicy: Unsupported value: "Always": supported values: "IfNeeded", "Never"',
  ]);
});

test('columns', () => {
  expect(cells(kind, created(kind, {}))).toEqual({ Name: 'x', Webhooks: 0, Age: '60m' });
});
