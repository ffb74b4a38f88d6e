import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import { expect, test } from 'vitest';
import type { Scenario } from '#classroom/scenario.ts';
import { Play } from './testPlay.ts';

const hop = () => new Promise<void>((resolve) => setImmediate(resolve));
const scenario = load(
  readFileSync(new URL('../../lessons/scenarios/upgrade.yaml', import.meta.url), 'utf8'),
) as Scenario;

/** A cluster of 1.35 whose control plane nodes have kubeadm 1.36 already. */
async function begin(more: Partial<Scenario> = {}): Promise<(line: string) => Promise<string>> {
  const play = new Play({ ...scenario, commands: [], ...more }, 'kubeadm', hop);
  const run = async (line: string) => {
    expect(await play.type(line), line).toBe(true);
    return play.takeOutput();
  };
  await play.wait(20_000);
  for (const node of ['control-plane', 'control-plane-2', 'control-plane-3'].slice(
    0,
    more.controlPlanes ?? 1,
  ))
    await run(
      `ssh ${node} "sed -i 's/v1.35/v1.36/' /etc/apt/sources.list.d/kubernetes.list; apt-mark unhold kubeadm; apt-get update; apt-get install -y kubeadm"`,
    );
  return run;
}

const versions = `kubectl -n kube-system get pods -l component=kube-apiserver -o jsonpath='{.items[*].spec.containers[0].image}'`;
const image = (version: string) => `registry.k8s.io/kube-apiserver:v${version}.0`;

test('of three control plane nodes one is upgraded after the other, and the addons with the last', async () => {
  const run = await begin({ controlPlanes: 3 });
  const first = await run('ssh control-plane kubeadm upgrade apply v1.36.0 -y');
  expect(first).toContain('[apiclient] Found 3 Pods for label selector component=etcd\n');
  expect(first).toContain(
    '[upgrade/addon] Skipping upgrade of addons because control plane instances [kube-apiserver-control-plane-2 kube-apiserver-control-plane-3] have not been upgraded\n',
  );
  expect(first).toContain('SUCCESS! A control plane node of your cluster was upgraded to "v1.36.0".');
  expect(await run(versions)).toBe([image('1.36'), image('1.35'), image('1.35')].join(' '));
  const second = await run('ssh control-plane-2 kubeadm upgrade node');
  expect(second).toContain('instances [kube-apiserver-control-plane-3] have not been upgraded');
  const third = await run('ssh control-plane-3 kubeadm upgrade node');
  expect(third).toContain(
    '[addons] Applied essential addon: CoreDNS\n[addons] Applied essential addon: kube-proxy',
  );
  expect(await run(versions)).toBe([image('1.36'), image('1.36'), image('1.36')].join(' '));
});

test('where the kubelet does not run the old manifests come back', async () => {
  const run = await begin();
  const before = await run('ssh control-plane cat /etc/kubernetes/manifests/etcd.yaml');
  await run('ssh control-plane systemctl stop kubelet');
  const output = await run('ssh control-plane kubeadm upgrade apply v1.36.0 -y; echo exit $?');
  expect(output).toContain(
    "error: error execution phase control-plane: couldn't complete the static pod upgrade: couldn't upgrade control plane. kubeadm has tried to recover everything into the earlier state. Errors faced: static Pod hash for component etcd on Node control-plane did not change after 5m0s",
  );
  expect(output).toMatch(/exit 1$/);
  expect(await run('ssh control-plane cat /etc/kubernetes/manifests/etcd.yaml')).toBe(before);
  expect(await run(versions)).toBe(image('1.35'));
});

test('a control plane that is not well is not upgraded', async () => {
  const run = await begin();
  await run('ssh control-plane systemctl stop kubelet; sleep 60');
  await run('ssh control-plane mv /etc/kubernetes/manifests/kube-scheduler.yaml /root');
  expect(await run('ssh control-plane kubeadm upgrade apply v1.36.0 -y; echo exit $?')).toContain(
    [
      '[preflight] Some fatal errors occurred:',
      '\t[ERROR ControlPlaneNodesReady]: there are NotReady control-planes in the cluster: [control-plane]',
      "\t[ERROR StaticPodManifest]: The control plane seems to be Static Pod-hosted, but some of the manifests don't seem to exist on disk. This probably means you're running 'kubeadm upgrade' on a remote machine, which is not supported for a Static Pod-hosted cluster. Manifest files not found: [/etc/kubernetes/manifests/kube-scheduler.yaml]",
      '[preflight] If you know what you are doing, you can make a check non-fatal with `--ignore-preflight-errors=...`',
      'error: error execution phase preflight: preflight checks failed',
      'To see the stack trace of this error execute with --v=5 or higher',
      'exit 2',
    ].join('\n'),
  );
});

test.each([
  ['upgrade apply', 'error: missing one or more required arguments. Required arguments: [version]'],
  ['upgrade apply one', "doesn't match patterns for neither semantic version nor labels"],
  [
    'upgrade apply v1.36.7',
    'Specified version to upgrade to "v1.36.7" is higher than the kubeadm version "v1.36.0". Upgrade kubeadm first',
  ],
  [
    'upgrade apply v1.36.7 -f',
    '[ERROR ImagePull]: failed to pull image registry.k8s.io/kube-apiserver:v1.36.7: ',
  ],
  ['upgrade apply v1.36.0 --now', 'error: unknown flag: --now'],
  ['config images pull', '[config/images] Pulled registry.k8s.io/etcd:3.6.8-0'],
  ['join 10.0.0.2:6443', 'is not simulated'],
  ['frobnicate', 'error: unknown command "frobnicate" for "kubeadm"'],
])('kubeadm %s', async (words, message) => {
  const run = await begin();
  expect(await run(`ssh control-plane kubeadm ${words}`)).toContain(message);
});
