// Upstream: validateProbe, validateHandler and validateLifecycle in pkg/apis/core/validation/validation.go
import type { Container, Lifecycle, LifecycleHandler, Probe } from '#generated/types/core.v1.ts';
import { forbidden, invalidValue, required } from '#kubernetes/apimachinery/fieldErrors.ts';
import { checkHttpHeaderName } from '#kubernetes/apimachinery/names.ts';
import type { FieldError } from '#kubernetes/apimachinery/statusError.ts';
import { invalidFor, under, validateEnum, validateNotNegative, validatePort } from './fieldChecks.ts';

type Handler = Pick<Probe, 'exec' | 'httpGet' | 'tcpSocket' | 'grpc'> & Pick<LifecycleHandler, 'sleep'>;

function validateHttpGet(get: NonNullable<Probe['httpGet']>): FieldError[] {
  return [
    ...(get.path ? [] : [required('path')]),
    ...validatePort('port', get.port),
    ...validateEnum('scheme', get.scheme, ['HTTP', 'HTTPS']),
    ...(get.httpHeaders ?? []).flatMap(({ name }) =>
      invalidFor('httpHeaders', name, checkHttpHeaderName(name)),
    ),
  ];
}

function validateHandler(handler: Handler): FieldError[] {
  const { exec, httpGet, tcpSocket, grpc, sleep } = handler;
  const present: [string, FieldError[]][] = [];
  if (exec) present.push(['exec', exec.command?.length ? [] : [required('command')]]);
  if (httpGet) present.push(['httpGet', validateHttpGet(httpGet)]);
  if (tcpSocket) present.push(['tcpSocket', validatePort('port', tcpSocket.port)]);
  if (grpc) present.push(['grpc', validatePort('port', grpc.port)]);
  if (sleep) present.push(['sleep', validateNotNegative('seconds', sleep.seconds)]);
  const [first, ...others] = present;
  if (first === undefined) return [required('', 'must specify a handler type')];
  return [
    ...under(first[0], first[1]),
    ...others.map(([name]) => forbidden(name, 'may not specify more than 1 handler type')),
  ];
}

const counts = [
  'initialDelaySeconds',
  'timeoutSeconds',
  'periodSeconds',
  'successThreshold',
  'failureThreshold',
] as const;

function validateProbe(probe: Probe): FieldError[] {
  const errors = [
    ...validateHandler(probe),
    ...counts.flatMap((field) => validateNotNegative(field, probe[field])),
  ];
  const grace = probe.terminationGracePeriodSeconds;
  if (grace !== undefined && grace <= 0)
    errors.push(invalidValue('terminationGracePeriodSeconds', grace, 'must be greater than 0'));
  return errors;
}

/** Liveness and startup probes know one success only. */
function validateOnceProbe(probe: Probe): FieldError[] {
  const errors = validateProbe(probe);
  if (probe.successThreshold !== undefined && probe.successThreshold !== 1)
    errors.push(invalidValue('successThreshold', probe.successThreshold, 'must be 1'));
  return errors;
}

function validateReadinessProbe(probe: Probe): FieldError[] {
  const errors = validateProbe(probe);
  const grace = probe.terminationGracePeriodSeconds;
  if (grace !== undefined)
    errors.push(invalidValue('terminationGracePeriodSeconds', grace, 'must not be set for readinessProbes'));
  return errors;
}

function validateLifecycle({ postStart, preStop }: Lifecycle): FieldError[] {
  return [
    ...(postStart ? under('postStart', validateHandler(postStart)) : []),
    ...(preStop ? under('preStop', validateHandler(preStop)) : []),
  ];
}

/** What is wrong with a container's probes and hooks; fields are relative to the container. */
export function validateProbes(container: Container): FieldError[] {
  const { lifecycle, livenessProbe, readinessProbe, startupProbe } = container;
  return [
    ...(lifecycle ? under('lifecycle', validateLifecycle(lifecycle)) : []),
    ...(livenessProbe ? under('livenessProbe', validateOnceProbe(livenessProbe)) : []),
    ...(readinessProbe ? under('readinessProbe', validateReadinessProbe(readinessProbe)) : []),
    ...(startupProbe ? under('startupProbe', validateOnceProbe(startupProbe)) : []),
  ];
}

/** An init container that ends has no use for probes and hooks. */
export function forbidProbes(container: Container): FieldError[] {
  const why = 'may not be set for init containers without restartPolicy=Always';
  const fields = ['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe'] as const;
  return fields.filter((field) => container[field] !== undefined).map((field) => forbidden(field, why));
}
