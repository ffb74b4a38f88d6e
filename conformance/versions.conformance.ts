import { expect, test } from 'vitest';
import { RealPlay } from './realPlay.ts';

/** Paths of the releases that this machine has. */
const kubectls = (process.env['KUBECTLS'] ?? '').split(' ').filter((path) => path !== '');

const manifest = `apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {mode: fast}
`;

/** A working day of one kubectl: each of its ways to talk to a server at least once. */
const lines = [
  'kubectl version',
  'kubectl create deployment web --image=nginx --replicas=2',
  'kubectl rollout status deploy/web --timeout=60s',
  'kubectl create -f settings.yaml',
  'kubectl apply -f settings.yaml',
  'kubectl apply -f settings.yaml',
  'kubectl diff -f settings.yaml',
  'kubectl replace -f settings.yaml',
  'kubectl get all -o wide',
  'kubectl describe deploy web',
  'kubectl explain pod.spec.containers',
  'kubectl autoscale deploy web --max=3',
  'kubectl expose deploy web --port=80',
  'kubectl scale deploy web --replicas=1',
  'kubectl label deploy web a=b',
  'kubectl patch deploy web -p \'{"spec":{"replicas":2}}\'',
  'kubectl set image deploy/web nginx=nginx:1.27',
  'kubectl rollout undo deploy/web',
  'kubectl rollout status deploy/web --timeout=60s',
  'kubectl exec deploy/web -- sh -c "echo hello"',
  'echo typed | kubectl exec -i deploy/web -- cat',
  'kubectl logs deploy/web --tail=1',
  'pod=$(kubectl get pods -o name | head -1); kubectl cp settings.yaml ${pod#pod/}:/tmp/s && kubectl exec $pod -- cat /tmp/s',
  'kubectl port-forward deploy/web 0:80 > forwarded & for i in $(seq 50); do grep -q Forwarding forwarded && break; sleep 0.1; done; curl -s http://$(grep -o "127.0.0.1:[0-9]*" forwarded | head -1)/ | grep -c "Welcome to nginx"; kill %1',
  'kubectl proxy --port=0 --disable-filter > proxied & for i in $(seq 50); do grep -q Starting proxied && break; sleep 0.1; done; curl -s http://localhost:$(grep -o "[0-9]*$" proxied)/api/ | grep -c versions; kill %1',
  'kubectl proxy --unix-socket=$PWD/socket > proxied & for i in $(seq 50); do grep -q Starting proxied && break; sleep 0.1; done; curl -s --unix-socket socket http://localhost/api/ | grep -c versions; kill %1',
  'kubectl top nodes',
  'kubectl drain node-1 --ignore-daemonsets --timeout=60s',
  'kubectl uncordon node-1',
  'kubectl delete deploy,svc,hpa web',
  'kubectl get pods -w --request-timeout=1s',
];

test.each(kubectls)('%s does a day’s work', async (kubectl) => {
  const play = await RealPlay.open(kubectl);
  try {
    await play.act(`@write settings.yaml\n${manifest}`);
    for (const line of lines) expect(await play.act(line), line).not.toMatch(/\[exit \d+\]$/);
  } finally {
    await play.close();
  }
});
