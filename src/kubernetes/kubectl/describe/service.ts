// Upstream: kubectl/pkg/describe/describe.go describeService
import type { Service } from '#generated/types/core.v1.ts';
import { formatLabels } from '#kubernetes/apimachinery/labels.ts';
import { eventsAbout, type Describer } from './describer.ts';
import { endpointSlicesOf, formatEndpoints } from './endpoints.ts';
import { writeEvents, writeLabelsAndAnnotations } from './fields.ts';

export const describeService: Describer<Service> = {
  group: '',
  kind: 'Service',
  async describe(service, writer, context) {
    const { metadata, spec, status } = service;
    const slices = await endpointSlicesOf(metadata.namespace ?? '', metadata.name, context);
    const optional = (title: string, value: string | number | undefined) => {
      if (value) writer.line(0, `${title}:\t${value}`);
    };
    writer.line(0, `Name:\t${metadata.name}`);
    writer.line(0, `Namespace:\t${metadata.namespace}`);
    writeLabelsAndAnnotations(writer, metadata);
    writer.line(0, `Selector:\t${formatLabels(spec.selector)}`);
    writer.line(0, `Type:\t${spec.type}`);
    optional('IP Family Policy', spec.ipFamilyPolicy);
    writer.line(0, `IP Families:\t${spec.ipFamilies?.join(',') || '<none>'}`);
    writer.line(0, `IP:\t${spec.clusterIP ?? ''}`);
    writer.line(0, `IPs:\t${spec.clusterIPs?.join(',') || '<none>'}`);
    optional('External IPs', spec.externalIPs?.join(','));
    optional('Desired LoadBalancer IP', spec.loadBalancerIP);
    optional('External Name', spec.externalName);
    const ingress = status.loadBalancer?.ingress ?? [];
    optional(
      'LoadBalancer Ingress',
      ingress
        .map(({ ip, ipMode, hostname }) => (ip ? ip + (ipMode ? ` (${ipMode})` : '') : hostname))
        .join(', '),
    );
    for (const port of spec.ports ?? []) {
      const name = port.name || '<unset>';
      writer.line(0, `Port:\t${name}\t${port.port}/${port.protocol}`);
      writer.line(0, `TargetPort:\t${port.targetPort}/${port.protocol}`);
      optional('AppProtocol', port.appProtocol);
      if (port.nodePort) writer.line(0, `NodePort:\t${name}\t${port.nodePort}/${port.protocol}`);
      writer.line(0, `Endpoints:\t${formatEndpoints(slices, port.name ?? '')}`);
    }
    writer.line(0, `Session Affinity:\t${spec.sessionAffinity}`);
    optional('External Traffic Policy', spec.externalTrafficPolicy);
    optional('Internal Traffic Policy', spec.internalTrafficPolicy);
    optional('HealthCheck NodePort', spec.healthCheckNodePort);
    optional('LoadBalancer Source Ranges', spec.loadBalancerSourceRanges?.join(','));
    optional('Traffic Distribution', spec.trafficDistribution);
    if (context.showEvents) writeEvents(writer, await eventsAbout(service, context), context.nowMs);
  },
};
