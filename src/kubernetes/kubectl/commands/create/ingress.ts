// Upstream: kubectl/pkg/cmd/create/create_ingress.go
import { CommandError } from '../../errors.ts';
import { array, text } from '../../flags.ts';
import { newMetadata, subcommandOf } from './generator.ts';

const rulePattern =
  /^([a-zA-Z0-9*_.-]*)?\/([^=]*)=([a-z0-9]([-a-z0-9]*[a-z0-9])?):([a-z0-9]([-a-z0-9]*[a-z0-9])?)(?:,tls(?:=([a-z0-9.-]*))?)?$/;

function backend(service: string, port: string): object {
  return { service: { name: service, port: /^\d+$/.test(port) ? { number: Number(port) } : { name: port } } };
}

interface HostRule {
  readonly host: string;
  readonly paths: object[];
}

export const createIngress = subcommandOf({
  name: 'ingress',
  aliases: ['ing'],
  summary: 'Create an ingress with the specified name',
  usage: 'ingress NAME --rule=host/path=service:port[,tls[=secret]]',
  example: [
    'Create a single ingress',
    'kubectl create ingress simple --rule="foo.com/bar=svc1:8080,tls=my-cert"',
  ],
  resource: { group: 'networking.k8s.io', version: 'v1', plural: 'ingresses', namespaced: true },
  flags: [
    array('rule', 'Rule in format host/path=service:port[,tls=secretname].'),
    text('class', 'Ingress Class to be used'),
    text('default-backend', 'Default service for backend, in format of svcname:port'),
    array('annotation', 'Annotation to insert in the ingress object, in the format annotation=value'),
  ],
  failure: 'failed to create ingress: ',
  compose({ flags }, name) {
    const rules = flags.list('rule');
    const fallback = flags.text('default-backend');
    if (rules.length === 0 && fallback === '')
      throw new CommandError(
        'not enough information provided: every ingress has to either specify a default-backend (which catches all traffic) or a list of rules (which catch specific paths)',
      );
    const hosts = new Map<string, HostRule>();
    const tls: object[] = [];
    for (const rule of rules) {
      const match = rulePattern.exec(rule);
      if (!match)
        throw new CommandError(
          `rule ${rule} is invalid and should be in format host/path=svcname:svcport[,tls[=secret]]`,
        );
      const [, host = '', path = '', service = '', , port = '', , secret] = match;
      const entry = hosts.get(host) ?? { host, paths: [] };
      const prefix = path.endsWith('*');
      entry.paths.push({
        path: `/${prefix ? path.slice(0, -1) : path}`,
        pathType: prefix ? 'Prefix' : 'Exact',
        backend: backend(service, port),
      });
      hosts.set(host, entry);
      if (/,tls(=|$)/.test(rule))
        tls.push({ ...(host && { hosts: [host] }), ...(secret && { secretName: secret }) });
    }
    const [service = '', port = ''] = fallback.split(':');
    const annotations = Object.fromEntries(
      flags.list('annotation').map((pair) => pair.split(/=(.*)/s).slice(0, 2)),
    );
    return {
      kind: 'Ingress',
      apiVersion: 'networking.k8s.io/v1',
      metadata: { ...newMetadata(name), ...(Object.keys(annotations).length > 0 && { annotations }) },
      spec: {
        ...(flags.text('class') && { ingressClassName: flags.text('class') }),
        ...(fallback && { defaultBackend: backend(service, port) }),
        ...(tls.length > 0 && { tls }),
        ...(hosts.size > 0 && {
          rules: [...hosts.values()].map(({ host, paths }) => ({ ...(host && { host }), http: { paths } })),
        }),
      },
      status: { loadBalancer: {} },
    };
  },
});
