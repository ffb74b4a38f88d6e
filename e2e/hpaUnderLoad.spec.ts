import { expect } from '@playwright/test';
import { manifest } from './manifest.ts';
import { test } from './test.ts';

const crowd = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: crowd
spec:
  selector:
    matchLabels: { app: crowd }
  template:
    metadata:
      labels: { app: crowd }
    spec:
      containers:
      - name: crowd
        image: podarium/load-generator
        env:
        - { name: TARGET, value: "http://kubernetes-demo-service:4000/" }
        - { name: RATE, value: "10" }
`;

test('under load the autoscaler grows the demo to five, and shrinks it after the crowd has left', async ({
  learner,
}) => {
  await learner.speed('A minute a second');
  for (const [file, created] of [
    ['k8s-demo-deployment.yaml', 'deployment.apps/k8s-demo-deployment created\n'],
    ['kubernetes-demo-service.yaml', 'service/kubernetes-demo-service created\n'],
    ['k8s-demo-hpa.yaml', 'horizontalpodautoscaler.autoscaling/k8s-demo-hpa created\n'],
  ] as const)
    expect(await learner.apply(manifest(file))).toBe(created);
  await expect(learner.pods('k8s-demo-deployment-', 'running')).toHaveCount(1);
  expect(await learner.run('curl -s node-1:30001')).toBe('Twitter Sentiment Analysis\n');

  expect(await learner.apply(crowd)).toBe('deployment.apps/crowd created\n');
  await expect(learner.pods('k8s-demo-deployment-', 'running')).toHaveCount(5);
  await expect(learner.page.getByTitle('Requests that the cluster serves in a second')).toHaveText(/^10 req/);
  expect(await learner.run('kubectl top pods')).toMatch(/k8s-demo-deployment-\w+-\w+ +\d\d+m +\d+Mi/);

  const left = await learner.run('kubectl delete deployment crowd; date +%s');
  expect(left).toMatch(/^deployment\.apps "crowd" deleted/);
  // Five minutes of looking back, as the stabilization window wants, and then it is one again.
  await expect(learner.pods('k8s-demo-deployment-')).toHaveCount(1, { timeout: 30_000 });
  const seconds = Number(await learner.run('date +%s')) - Number(left.trim().split('\n').at(-1));
  expect(seconds).toBeGreaterThan(240);
  expect(await learner.run('kubectl get hpa')).toMatch(
    /k8s-demo-hpa +Deployment\/k8s-demo-deployment +cpu: \d+%\/20% +1 +5 +1 /,
  );
  expect(await learner.run('curl -s node-3:30001')).toBe('Twitter Sentiment Analysis\n');
});
