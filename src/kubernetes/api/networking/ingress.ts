// Upstream: pkg/apis/networking/validation/validation.go
import type { Ingress, IngressSpec, IngressStatus } from '#generated/types/networking.v1.ts';
import { invalidValue, notSupported, required } from '#kubernetes/apimachinery/fieldErrors.ts';
import { checkIp, parseIp } from '#kubernetes/apimachinery/ip.ts';
import {
  checkDns1123Label,
  checkDns1123Subdomain,
  checkPortName,
  checkPortNumber,
  checkWildcardDns1123Subdomain,
} from '#kubernetes/apimachinery/names.ts';
import type { FieldError } from '#kubernetes/apimachinery/statusError.ts';
import { ageColumn, column, nameColumn } from '../columns.ts';
import { invalidFor, under } from '../fieldChecks.ts';
import type { Kind } from '../kind.ts';
import { validateReference } from './reference.ts';

export type { Ingress };

type Rule = NonNullable<IngressSpec['rules']>[number];
type Backend = NonNullable<IngressSpec['defaultBackend']>;
type Path = NonNullable<Rule['http']>['paths'][number];

/** How an ingress said which controller is meant, before it had a field for it. */
const classAnnotation = 'kubernetes.io/ingress.class';

const pathTypes = ['Exact', 'ImplementationSpecific', 'Prefix'];
const badSequences = ['//', '/./', '/../', '%2f', '%2F'];
const badSuffixes = ['/..', '/.'];
/** So many hosts the column names before it says how many more there are. */
const hostsShownMax = 3;

const notAnAddress = 'must be a DNS name, not an IP address';

function validateHost(host: string): FieldError[] {
  const check = host.includes('*') ? checkWildcardDns1123Subdomain : checkDns1123Subdomain;
  const errors = invalidFor('host', host, check(host));
  return parseIp(host) === undefined ? errors : [invalidValue('host', host, notAnAddress), ...errors];
}

/** What is wrong with addresses that a load balancer reports. */
function validateStatus({ loadBalancer }: IngressStatus): FieldError[] {
  return (loadBalancer?.ingress ?? []).flatMap(({ ip, hostname }, index) => {
    const path = `status.loadBalancer.ingress[${index}]`;
    const errors = ip ? invalidFor(`${path}.ip`, ip, checkIp(ip)) : [];
    if (!hostname) return errors;
    errors.push(...invalidFor(`${path}.hostname`, hostname, checkDns1123Subdomain(hostname)));
    if (parseIp(hostname) !== undefined)
      errors.push(invalidValue(`${path}.hostname`, hostname, notAnAddress));
    return errors;
  });
}

function validateBackend({ service, resource }: Backend): FieldError[] {
  if (service && resource) return [invalidValue('', '', 'cannot set both resource and service backends')];
  if (!service && !resource) return [invalidValue('', '', 'resource or service backend is required')];
  if (!service) return under('resource', validateReference(resource!));
  const errors = service.name
    ? invalidFor('service.name', service.name, checkDns1123Label(service.name))
    : [required('service.name')];
  const { name, number } = service.port ?? {};
  if (name && number) errors.push(invalidValue('', '', 'cannot set both port name & port number'));
  else if (name) errors.push(...invalidFor('service.port.name', name, checkPortName(name)));
  else if (number) errors.push(...invalidFor('service.port.number', number, checkPortNumber(number)));
  else errors.push(required('', 'port name or number is required'));
  return errors;
}

function validatePath({ path = '', pathType, backend }: Path): FieldError[] {
  // Without its type a path means nothing, so nothing else is said of it.
  if (!pathType) return [required('pathType', 'pathType must be specified')];
  const errors: FieldError[] = [];
  if (pathType === 'ImplementationSpecific') {
    if (path && !path.startsWith('/')) errors.push(invalidValue('path', path, 'must be an absolute path'));
  } else if (pathTypes.includes(pathType)) {
    if (!path.startsWith('/')) errors.push(invalidValue('path', path, 'must be an absolute path'));
    for (const sequence of badSequences)
      if (path.includes(sequence)) errors.push(invalidValue('path', path, `must not contain '${sequence}'`));
    for (const suffix of badSuffixes)
      if (path.endsWith(suffix)) errors.push(invalidValue('path', path, `cannot end with '${suffix}'`));
  } else {
    errors.push(notSupported('pathType', pathType, pathTypes));
  }
  return [...errors, ...under('backend', validateBackend(backend ?? {}))];
}

function validateRule({ host, http }: Rule): FieldError[] {
  const errors = host ? validateHost(host) : [];
  if (http === undefined) return errors;
  if (!http.paths?.length) return [...errors, required('http.paths')];
  return [
    ...errors,
    ...http.paths.flatMap((path, index) => under(`http.paths[${index}]`, validatePath(path))),
  ];
}

function validateSpec({ rules = [], defaultBackend, tls = [], ingressClassName }: IngressSpec): FieldError[] {
  const errors: FieldError[] = [];
  if (rules.length === 0 && !defaultBackend)
    errors.push(invalidValue('spec', null, 'either `defaultBackend` or `rules` must be specified'));
  if (defaultBackend) errors.push(...under('spec.defaultBackend', validateBackend(defaultBackend)));
  for (const [index, rule] of rules.entries())
    errors.push(...under(`spec.rules[${index}]`, validateRule(rule)));
  for (const [index, { hosts = [], secretName }] of tls.entries()) {
    const path = `spec.tls[${index}]`;
    for (const [hostIndex, host] of hosts.entries()) {
      const check = host.includes('*') ? checkWildcardDns1123Subdomain : checkDns1123Subdomain;
      errors.push(...invalidFor(`${path}.hosts[${hostIndex}]`, host, check(host)));
    }
    if (secretName)
      errors.push(...invalidFor(`${path}.secretName`, secretName, checkDns1123Subdomain(secretName)));
  }
  if (ingressClassName !== undefined)
    errors.push(
      ...invalidFor('spec.ingressClassName', ingressClassName, checkDns1123Subdomain(ingressClassName)),
    );
  return errors;
}

function formatHosts(rules: readonly Rule[] = []): string {
  const hosts = rules.map(({ host }) => host ?? '').filter((host) => host !== '');
  if (hosts.length === 0) return '*';
  const shown = hosts.slice(0, hostsShownMax).join(',');
  return hosts.length > hostsShownMax ? `${shown} + ${rules.length - hostsShownMax} more...` : shown;
}

function formatAddress({ loadBalancer }: IngressStatus): string {
  const addresses = (loadBalancer?.ingress ?? []).map(({ ip, hostname }) => ip || hostname || '');
  return [...new Set(addresses)].sort().join(',');
}

export const ingresses: Kind<Ingress> = {
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'Ingress',
  plural: 'ingresses',
  singular: 'ingress',
  shortNames: ['ing'],
  categories: [],
  namespaced: true,
  schema: 'io.k8s.api.networking.v1.Ingress',
  hasStatus: true,
  prepareForCreate: (ingress) => ({ ...ingress, status: { loadBalancer: {} } }),
  validate: ({ spec }) => validateSpec(spec),
  validateNew({ metadata: { annotations }, spec: { ingressClassName } }) {
    const annotated = annotations?.[classAnnotation];
    if (annotated === undefined || ingressClassName === undefined || annotated === ingressClassName)
      return [];
    const why = 'must match `ingressClassName` when both are specified';
    return [invalidValue(`annotations.${classAnnotation}`, annotated, why)];
  },
  validateStatusUpdate: ({ status }) => validateStatus(status),
  warnings: ({ metadata }) =>
    metadata.annotations?.[classAnnotation] === undefined
      ? []
      : [`annotation "${classAnnotation}" is deprecated, please use 'spec.ingressClassName' instead`],

  columns: [
    nameColumn,
    column('Class', ({ spec }) => spec.ingressClassName ?? '<none>'),
    column('Hosts', ({ spec }) => formatHosts(spec.rules)),
    column('Address', ({ status }) => formatAddress(status)),
    column('Ports', ({ spec }) => (spec.tls?.length ? '80, 443' : '80')),
    ageColumn,
  ],
};
