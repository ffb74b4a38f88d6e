import { expect } from '@playwright/test';
import { manifest } from './manifest.ts';
import { test } from './test.ts';

const readyNodes =
  "kubectl get endpointslices -l kubernetes.io/service-name=ml-model-svc -o jsonpath='" +
  '{range .items[*].endpoints[?(@.conditions.ready==true)]}{.nodeName}{"\\n"}{end}\'';

test('ten replicas behind a Service survive the loss of a node', async ({ learner }) => {
  expect(await learner.apply(manifest('ml-model-serving.yaml'))).toBe(
    'deployment.apps/ml-model-serving created\nservice/ml-model-svc created\n',
  );
  await learner.speed('A minute a second');
  await expect(learner.pods('ml-model-serving-', 'running')).toHaveCount(10);
  const before = await learner.run(readyNodes);
  expect(before.trim().split('\n')).toHaveLength(10);
  expect(before).toContain('node-2');

  await learner.breakIt('nodes/node-2', 'Stop node');
  const lost = learner.graph.getByRole('button', { name: /^Node node-2, NotReady/ });
  await expect(lost).toBeVisible();
  // What cannot be reached is no longer ready, long before its pods are given up.
  await expect.poll(() => learner.run(readyNodes)).not.toContain('node-2');

  await expect.poll(() => learner.run('kubectl get deployment ml-model-serving')).toMatch(/ 10\/10 /);
  const after = await learner.run(readyNodes);
  expect(after.trim().split('\n')).toHaveLength(10);
  expect(after).not.toContain('node-2');
  expect(
    await learner.run(
      'kubectl run asker --image=busybox --restart=Never --rm -i --quiet -- wget -qO- ml-model-svc',
    ),
  ).toContain('"model":"demo"');

  await learner.inspector.getByRole('button', { name: 'Start node' }).click();
  await expect(learner.graph.getByRole('button', { name: /^Node node-2, Ready/ })).toBeVisible();
  await expect(learner.pods('ml-model-serving-')).toHaveCount(10);
});
