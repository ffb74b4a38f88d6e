import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import { expect, test } from 'vitest';
import type { Scenario } from '#classroom/scenario.ts';
import { Play } from './testPlay.ts';

const hop = () => new Promise<void>((resolve) => setImmediate(resolve));
const scenario = load(
  readFileSync(new URL('../../lessons/scenarios/empty.yaml', import.meta.url), 'utf8'),
) as Scenario;

/** As in the documentation's task "Create static Pods". */
const manifest = `cat <<EOF >/etc/kubernetes/manifests/static-web.yaml
apiVersion: v1
kind: Pod
metadata:
  name: static-web
  labels:
    role: myrole
spec:
  containers:
    - name: web
      image: nginx
      ports:
        - name: web
          containerPort: 80
          protocol: TCP
EOF`;

const writer = `cat <<EOF | kubectl apply -f -
apiVersion: v1
kind: Pod
metadata:
  name: writer
spec:
  nodeName: node-2
  containers:
    - name: writer
      image: busybox
      command: [sh, -c, "cat > /manifests/own.json; sleep 1d"]
      stdin: true
      stdinOnce: true
      volumeMounts:
        - name: manifests
          mountPath: /manifests
  volumes:
    - name: manifests
      hostPath:
        path: /etc/kubernetes/manifests
EOF`;

const podJson =
  '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"own"},"spec":{"containers":[{"name":"own","image":"busybox","command":["sleep","1d"]}]}}';

async function begin(): Promise<(line: string) => Promise<string>> {
  const play = new Play({ ...scenario, commands: [] }, 'static-pods', hop);
  await play.wait(20_000);
  return async (line) => {
    expect(await play.type(line), line).toBe(true);
    return play.takeOutput();
  };
}

const list = "kubectl get pods -o wide --no-headers | awk '{print $1, $2, $3, $7}'";

test('a worker runs what is put into its manifest directory, until it is taken out', async () => {
  const run = await begin();
  expect(await run('ssh node-1 mkdir -p /etc/kubernetes/manifests/')).toBe('');
  await run(`ssh node-1 <<'END'\n${manifest}\nEND`);
  expect(await run(`sleep 20; ${list}`)).toBe('static-web-node-1 1/1 Running node-1');
  expect(await run('ssh node-1 crictl ps | grep -c web')).toBe('1');
  expect(await run('kubectl delete pod static-web-node-1')).toContain('deleted');
  expect(await run(`sleep 3; ${list}`)).toBe('static-web-node-1 1/1 Running node-1');
  await run('ssh node-1 mv /etc/kubernetes/manifests/static-web.yaml /tmp');
  expect(await run(`sleep 40; ${list}`)).toBe('No resources found in default namespace.');
  await run('ssh node-1 mv /tmp/static-web.yaml /etc/kubernetes/manifests/');
  expect(await run(`sleep 20; ${list}`)).toBe('static-web-node-1 1/1 Running node-1');
});

test('a worker runs a manifest that a pod puts there', async () => {
  const run = await begin();
  await run(writer);
  await run(`sleep 15; kubectl exec writer -- sh -c 'echo ${JSON.stringify(podJson)} > /manifests/own.json'`);
  expect(await run(`sleep 20; ${list}`)).toBe('own-node-2 1/1 Running node-2\nwriter 1/1 Running node-2');
});
