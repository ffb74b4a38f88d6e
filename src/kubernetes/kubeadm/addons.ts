// Upstream: cmd/kubeadm/app/cmd/phases/upgrade/addons.go, cmd/kubeadm/app/phases/upgrade/postupgrade.go
import type { PodTemplateSpec } from '#generated/types/core.v1.ts';
import { daemonSets } from '#kubernetes/api/apps/daemonSet.ts';
import { deployments } from '#kubernetes/api/apps/deployment.ts';
import { podsOf, systemNamespace, tagOf } from './cluster.ts';
import type { Host } from './host.ts';
import type { Print } from './printer.ts';

/** Applies CoreDNS and kube-proxy of a version, once every node of the control plane has it. */
export async function applyAddons(print: Print, host: Host, version: string): Promise<void> {
  const { client, releases } = host;
  const behind = podsOf(client, 'kube-apiserver').filter(
    ({ spec }) => tagOf(spec.containers[0]!.image) !== version,
  );
  if (behind.length > 0) {
    const names = behind.map(({ metadata }) => metadata.name).join(' ');
    await print(
      `[upgrade/addon] Skipping upgrade of addons because control plane instances [${names}] have not been upgraded`,
    );
    return;
  }
  const release = releases.find((one) => one.version === version) ?? releases[0]!;
  const dns = client.get(deployments, systemNamespace, 'coredns');
  const dnsTemplate = withImage(dns.spec.template, `registry.k8s.io/coredns/coredns:${release.coredns}`);
  client.update(deployments, { ...dns, spec: { ...dns.spec, template: dnsTemplate } });
  await print('[addons] Applied essential addon: CoreDNS');
  const proxy = client.get(daemonSets, systemNamespace, 'kube-proxy');
  const proxyTemplate = withImage(proxy.spec.template, `registry.k8s.io/kube-proxy:${version}`);
  client.update(daemonSets, { ...proxy, spec: { ...proxy.spec, template: proxyTemplate } });
  await print('[addons] Applied essential addon: kube-proxy');
}

function withImage(template: PodTemplateSpec, image: string): PodTemplateSpec {
  const containers = template.spec!.containers.map((container) => ({ ...container, image }));
  return { ...template, spec: { ...template.spec!, containers } };
}
