// Upstream: kubectl/pkg/describe/describe.go describeIngressV1
import type { Service } from '#generated/types/core.v1.ts';
import type { Ingress, IngressBackend } from '#generated/types/networking.v1.ts';
import { innerMessage } from '../errors.ts';
import { eventsAbout, type DescribeContext, type Describer } from './describer.ts';
import { endpointSlicesOf, formatEndpoints } from './endpoints.ts';
import { writeAnnotations, writeEvents, writeMap } from './fields.ts';

/** `web:80 (10.244.1.2:8080)`, or why there are no endpoints. */
async function backendText(
  namespace: string,
  { service, resource }: IngressBackend,
  context: DescribeContext,
): Promise<string> {
  if (!service)
    return resource
      ? `APIGroup: ${resource.apiGroup ?? '<none>'}, Kind: ${resource.kind}, Name: ${resource.name}`
      : '';
  const { name, port } = service;
  const text = `${name}:${port?.number ?? port?.name ?? ''}`;
  try {
    const slices = await endpointSlicesOf(namespace, name, context);
    const services = (await context.invocation.mapper()).get('', 'services');
    const { spec } = await context.invocation.client.get<Service>(services, namespace, name);
    const found = spec.ports?.findLast((one) =>
      port?.number ? one.port === port.number : one.name === port?.name,
    );
    return `${text} (${formatEndpoints(slices, found?.name ?? '')})`;
  } catch (error) {
    return `${text} (<error: ${innerMessage(error)}>)`;
  }
}

export const describeIngress: Describer<Ingress> = {
  group: 'networking.k8s.io',
  kind: 'Ingress',
  async describe(ingress, writer, context) {
    const { metadata, spec, status } = ingress;
    const namespace = metadata.namespace ?? '';
    const addresses = (status?.loadBalancer?.ingress ?? []).map(({ ip, hostname }) => ip || hostname || '');
    const fallback = spec.defaultBackend
      ? await backendText(namespace, spec.defaultBackend, context)
      : '<default>';
    writer.line(0, `Name:\t${metadata.name}`);
    writeMap(writer, 'Labels', metadata.labels);
    writer.line(0, `Namespace:\t${namespace}`);
    writer.line(0, `Address:\t${[...new Set(addresses)].sort().join(',')}`);
    writer.line(0, `Ingress Class:\t${spec.ingressClassName ?? '<none>'}`);
    writer.line(0, `Default backend:\t${fallback}`);
    if (spec.tls?.length) writer.line(0, 'TLS:');
    for (const { hosts = [], secretName } of spec.tls ?? []) {
      writer.line(
        1,
        secretName ? `${secretName} terminates ${hosts.join(',')}` : `SNI routes ${hosts.join(',')}`,
      );
    }
    writer.line(0, 'Rules:\n  Host\tPath\tBackends');
    writer.line(1, '----\t----\t--------');
    const rules = (spec.rules ?? []).filter((rule) => rule.http);
    for (const { host, http } of rules) {
      writer.line(1, `${host || '*'}\t`);
      for (const path of http!.paths)
        writer.line(2, `\t${path.path ?? ''} \t${await backendText(namespace, path.backend, context)}`);
    }
    if (rules.length === 0) writer.line(1, `*\t*\t${fallback}`);
    writeAnnotations(writer, metadata);
    if (context.showEvents) writeEvents(writer, await eventsAbout(ingress, context), context.nowMs);
  },
};
