import { expect } from '@playwright/test';
import { test } from './test.ts';

const generate =
  'kubectl create deployment weather-minikube --image=weather-service-k8s:latest -o yaml --dry-run=client';

test('the weather service, from a generated manifest to its removal', async ({ learner }) => {
  await learner.speed('Ten times as fast');
  expect(await learner.run(generate)).toContain('- image: weather-service-k8s:latest\n');
  await learner.run(`${generate} > weather_minikube.yaml`);

  // The file that the shell wrote is opened, edited and applied in the editor.
  await learner.editor.getByRole('button', { name: 'Open a file of the workstation' }).click();
  await learner.editor.getByRole('button', { name: 'weather_minikube.yaml' }).click();
  const generated = await learner.run('cat weather_minikube.yaml');
  const edited = generated.replace(/^( *)name: weather-service-k8s$/m, '$&\n$1imagePullPolicy: Never');
  expect(edited).toContain('imagePullPolicy: Never');
  expect(await learner.apply(edited)).toBe('deployment.apps/weather-minikube created\n');
  expect(await learner.run('cat weather_minikube.yaml')).toBe(edited);
  await expect(learner.pods('weather-minikube-', 'running')).toHaveCount(1);

  const all = await learner.run('kubectl get all');
  expect(all).toMatch(/pod\/weather-minikube-\w+-\w+ +1\/1 +Running +0 /);
  expect(all).toMatch(/service\/kubernetes +ClusterIP +10\.96\.0\.1 +<none> +443\/TCP/);
  expect(all).toMatch(/deployment\.apps\/weather-minikube +1\/1 +1 +1 /);
  expect(all).toMatch(/replicaset\.apps\/weather-minikube-\w+ +1 +1 +1 /);

  expect(await learner.run('kubectl expose deployment weather-minikube --type=NodePort --port=5000')).toBe(
    'service/weather-minikube exposed\n',
  );
  const service = await learner.run('kubectl get service weather-minikube');
  const [, port] = /5000:(\d+)\/TCP/.exec(service)!;
  expect(await learner.run(`curl -s node-2:${port}`)).toContain('"city":"Chicago"');

  const [pod] = await learner.podNames('weather-minikube-');
  expect(await learner.run(`kubectl logs ${pod}`)).toContain('"GET / HTTP/1.1" 200');
  const described = await learner.run(`kubectl describe pod ${pod}`);
  expect(described).toContain('Container image "weather-service-k8s:latest" already present on machine');

  // A shell in the container, as the text opens it.
  await learner.type(`kubectl exec --stdin --tty ${pod} -- /bin/bash`);
  await expect.poll(() => learner.printed()).toMatch(/[#$] $/);
  await learner.type('ls /app; exit');
  await expect.poll(() => learner.printed()).toContain('weather.py\n');
  await learner.prompted();

  expect(await learner.run('minikube service weather-minikube --url')).toContain('not simulated');
  expect(await learner.run('kubectl delete services weather-minikube')).toMatch(
    /^service "weather-minikube" deleted/,
  );
  expect(await learner.run('kubectl delete deployment weather-minikube')).toMatch(
    /^deployment\.apps "weather-minikube" deleted/,
  );
  await expect(learner.pods('weather-minikube-')).toHaveCount(0);
  expect(await learner.run('kubectl get all')).not.toContain('weather');
});
