import { expect, test } from 'vitest';
import { kubectlCompleter } from './completion.ts';
import { admin, TestWorkstation } from './testWorkstation.ts';

const workstation = new TestWorkstation();
const template = {
  metadata: { labels: { a: 'b' } },
  spec: {
    containers: [
      { name: 'nginx', image: 'nginx' },
      { name: 'side', image: 'x' },
    ],
  },
};
for (const name of ['web-1', 'web-2'])
  workstation.send('POST', '/api/v1/namespaces/default/pods', { metadata: { name }, spec: template.spec });
workstation.send('POST', '/apis/apps/v1/namespaces/default/deployments', {
  metadata: { name: 'web' },
  spec: { selector: { matchLabels: { a: 'b' } }, template },
});
workstation.send('POST', '/api/v1/nodes', { metadata: { name: 'node-1' } });

const complete = kubectlCompleter({
  transport: workstation.server.handle,
  user: admin,
  namespace: () => 'default',
  contexts: () => ['kubernetes-admin@podarium'],
});

test.each([
  ['kubectl d', ['delete', 'describe', 'diff', 'drain', 'debug'].sort()],
  ['kubectl get po', ['poddisruptionbudgets', 'pods', 'podtemplates']],
  ['kubectl get persistentvolumec', ['persistentvolumeclaims']],
  ['kubectl get pods,se', ['pods,secrets', 'pods,serviceaccounts', 'pods,servicecidrs', 'pods,services']],
  ['kubectl get pods ', ['web-1', 'web-2']],
  ['kubectl get pods web-1 ', ['web-2']],
  ['kubectl get deploy/', ['deploy/web']],
  ['kubectl delete deploy/web po/', ['po/web-1', 'po/web-2']],
  ['kubectl -n kube-sys', ['kube-system']],
  ['kubectl -n ', ['default', 'kube-node-lease', 'kube-public', 'kube-system']],
  ['kubectl get pods -n kube-system ', []],
  ['kubectl get pods --namespace=kube-s', ['--namespace=kube-system']],
  ['kubectl get pods -o j', ['json', 'jsonpath', 'jsonpath-as-json', 'jsonpath-file']],
  ['kubectl get pods --show', ['--show-kind', '--show-labels', '--show-managed-fields']],
  ['kubectl scale deploy web --rep', ['--replicas=']],
  ['kubectl apply -f ', null],
  ['kubectl logs ', ['web-1', 'web-2']],
  ['kubectl logs web-1 -c ', ['nginx', 'side']],
  ['kubectl exec web-1 -- l', null],
  ['kubectl exec deploy/', ['deploy/web']],
  ['kubectl set image deploy/web ', ['nginx=', 'side=']],
  ['kubectl set ', ['env', 'image', 'resources', 'selector', 'serviceaccount', 'subject']],
  ['kubectl rollout ', ['history', 'pause', 'restart', 'resume', 'status', 'undo']],
  ['kubectl rollout undo deploy ', ['web']],
  ['kubectl create s', ['secret', 'service', 'serviceaccount']],
  ['kubectl create service n', ['nodeport']],
  ['kubectl top ', ['node', 'pod']],
  ['kubectl drain ', ['node-1']],
  ['kubectl config use-context ', ['kubernetes-admin@podarium']],
  ['kubectl expose deploy web --type=N', ['--type=NodePort']],
])('%j', (line, expected) => {
  const words = line.split(' ');
  const current = words.pop()!;
  expect(complete(words, current)).toEqual(expected);
});
