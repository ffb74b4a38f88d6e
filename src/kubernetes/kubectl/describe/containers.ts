// Upstream: kubectl/pkg/describe/describe.go describeContainers
import type {
  Container,
  ContainerState,
  ContainerStatus,
  EnvVar,
  Pod,
  Probe,
} from '#generated/types/core.v1.ts';
import { canonicalQuantity } from '#kubernetes/apimachinery/quantity.ts';
import type { DescribeWriter } from './describeWriter.ts';
import { longTime } from './fields.ts';

/** `True` or `False`, as descriptions write it. */
export function boolText(value: boolean | undefined): string {
  return value ? 'True' : 'False';
}

/**
 * A list of containers. `pod` is given for running ones, whose downward fields are resolved; `indent` is two
 * spaces inside a pod template.
 */
export function writeContainers(
  writer: DescribeWriter,
  title: string,
  containers: readonly Container[],
  options: {
    readonly statuses?: readonly ContainerStatus[];
    readonly pod?: Pod;
    readonly indent?: string;
  } = {},
): void {
  const { statuses = [], pod, indent = '' } = options;
  writer.line(0, `${indent}${title}:${containers.length === 0 ? ' <none>' : ''}`);
  for (const container of containers) {
    const status = statuses.find(({ name }) => name === container.name);
    writer.line(1, `${indent === '' ? '' : ' '}${container.name}:`);
    writeImageAndPorts(writer, container, status);
    writeWords(writer, 'Command', container.command);
    writeWords(writer, 'Args', container.args);
    if (status) {
      writeState(writer, 'State', status.state ?? {});
      if (status.lastState?.terminated) writeState(writer, 'Last State', status.lastState);
      writer.line(2, `Ready:\t${boolText(status.ready)}`);
      writer.line(2, `Restart Count:\t${status.restartCount}`);
    }
    writeQuantities(writer, 'Limits', container.resources?.limits);
    writeQuantities(writer, 'Requests', container.resources?.requests);
    if (container.livenessProbe) writer.line(2, `Liveness:\t${describeProbe(container.livenessProbe)}`);
    if (container.readinessProbe) writer.line(2, `Readiness:\t${describeProbe(container.readinessProbe)}`);
    if (container.startupProbe) writer.line(2, `Startup:\t${describeProbe(container.startupProbe)}`);
    writeEnvironment(writer, container, pod);
    writeMounts(writer, container);
  }
}

function writeImageAndPorts(
  writer: DescribeWriter,
  container: Container,
  status: ContainerStatus | undefined,
): void {
  if (status) writer.line(2, `Container ID:\t${status.containerID ?? ''}`);
  writer.line(2, `Image:\t${container.image ?? ''}`);
  if (status) writer.line(2, `Image ID:\t${status.imageID}`);
  const ports = container.ports ?? [];
  const list = (read: (port: (typeof ports)[number]) => number) =>
    ports.map((port) => `${read(port)}/${port.protocol ?? ''}`).join(', ');
  const plural = ports.length > 1 ? 's' : '';
  writer.line(2, `Port${plural}:\t${list((port) => port.containerPort) || '<none>'}`);
  writer.line(2, `Host Port${plural}:\t${list((port) => port.hostPort ?? 0) || '<none>'}`);
  const profile = container.securityContext?.seccompProfile;
  if (profile) writer.line(2, `SeccompProfile:\t${profile.type}`);
}

function writeWords(writer: DescribeWriter, title: string, words: readonly string[] | undefined): void {
  if (!words?.length) return;
  writer.line(2, `${title}:`);
  for (const word of words) for (const line of word.split('\n')) writer.line(3, line);
}

function writeQuantities(
  writer: DescribeWriter,
  title: string,
  list: Readonly<Record<string, string | number>> | undefined,
): void {
  const names = Object.keys(list ?? {}).sort();
  if (names.length > 0) writer.line(2, `${title}:`);
  for (const name of names) writer.line(3, `${name}:\t${canonicalQuantity(list![name]!)}`);
}

function writeState(
  writer: DescribeWriter,
  title: string,
  { running, waiting, terminated }: ContainerState,
): void {
  if (running) {
    writer.line(2, `${title}:\tRunning`);
    writer.line(3, `Started:\t${longTime(running.startedAt)}`);
  } else if (terminated) {
    writer.line(2, `${title}:\tTerminated`);
    if (terminated.reason) writer.line(3, `Reason:\t${terminated.reason}`);
    if (terminated.message) writer.line(3, `Message:\t${terminated.message}`);
    writer.line(3, `Exit Code:\t${terminated.exitCode}`);
    if (terminated.signal) writer.line(3, `Signal:\t${terminated.signal}`);
    writer.line(3, `Started:\t${longTime(terminated.startedAt)}`);
    writer.line(3, `Finished:\t${longTime(terminated.finishedAt)}`);
  } else {
    writer.line(2, `${title}:\tWaiting`);
    if (waiting?.reason) writer.line(3, `Reason:\t${waiting.reason}`);
  }
}

function describeProbe(probe: Probe): string {
  const { exec, httpGet, tcpSocket, grpc } = probe;
  const facts = `delay=${probe.initialDelaySeconds ?? 0}s timeout=${probe.timeoutSeconds ?? 0}s period=${probe.periodSeconds ?? 0}s #success=${probe.successThreshold ?? 0} #failure=${probe.failureThreshold ?? 0}`;
  if (exec) return `exec [${(exec.command ?? []).join(' ')}] ${facts}`;
  if (httpGet) {
    const path = httpGet.path && !httpGet.path.startsWith('/') ? `/${httpGet.path}` : (httpGet.path ?? '');
    return `http-get ${(httpGet.scheme ?? '').toLowerCase()}://${httpGet.host ?? ''}:${httpGet.port}${path} ${facts}`;
  }
  if (tcpSocket) return `tcp-socket ${tcpSocket.host ?? ''}:${tcpSocket.port} ${facts}`;
  if (grpc) return `grpc <pod>:${grpc.port} ${grpc.service ?? ''} ${facts}`;
  return `unknown ${facts}`;
}

function writeEnvironment(writer: DescribeWriter, container: Container, pod: Pod | undefined): void {
  const sources = container.envFrom ?? [];
  if (sources.length > 0) writer.line(2, 'Environment Variables from:');
  for (const { configMapRef, secretRef, prefix } of sources) {
    const reference = configMapRef ?? secretRef;
    const kind = configMapRef ? 'ConfigMap' : secretRef ? 'Secret' : '';
    const type = prefix ? `${kind} with prefix '${prefix}'` : kind;
    writer.line(3, `${reference?.name ?? ''}\t${type}\tOptional: ${reference?.optional ?? false}`);
  }
  const variables = container.env ?? [];
  writer.line(2, `Environment:${variables.length === 0 ? '\t<none>' : ''}`);
  for (const variable of variables) writeVariable(writer, variable, container, pod);
}

function writeVariable(
  writer: DescribeWriter,
  { name, value, valueFrom }: EnvVar,
  container: Container,
  pod: Pod | undefined,
): void {
  if (!valueFrom) {
    (value ?? '')
      .split('\n')
      .forEach((line, i) => writer.line(3, i === 0 ? `${name}:\t${line}` : `\t${line}`));
    return;
  }
  const { fieldRef, resourceFieldRef, secretKeyRef, configMapKeyRef } = valueFrom;
  if (fieldRef) {
    writer.line(
      3,
      `${name}:\t${pod ? podField(pod, fieldRef.fieldPath) : ''} (${fieldRef.apiVersion}:${fieldRef.fieldPath})`,
    );
  } else if (resourceFieldRef) {
    const [list, resource = ''] = resourceFieldRef.resource.split('.');
    const amount = container.resources?.[list as 'limits' | 'requests']?.[resource];
    const unset =
      list === 'limits' && (resource === 'cpu' || resource === 'memory') ? 'node allocatable' : '0';
    writer.line(
      3,
      `${name}:\t${amount === undefined ? unset : canonicalQuantity(amount)} (${resourceFieldRef.resource})`,
    );
  } else if (secretKeyRef) {
    writer.line(
      3,
      `${name}:\t<set to the key '${secretKeyRef.key}' in secret '${secretKeyRef.name}'>\tOptional: ${secretKeyRef.optional ?? false}`,
    );
  } else if (configMapKeyRef) {
    writer.line(
      3,
      `${name}:\t<set to the key '${configMapKeyRef.key}' of config map '${configMapKeyRef.name}'>\tOptional: ${configMapKeyRef.optional ?? false}`,
    );
  }
}

/** The value of a downward field such as `metadata.name` or `status.podIP`. */
function podField(pod: Pod, path: string): string {
  const keyed = /^metadata\.(labels|annotations)\['(.*)'\]$/.exec(path);
  if (keyed) return pod.metadata[keyed[1] as 'labels' | 'annotations']?.[keyed[2]!] ?? '';
  let value: unknown = pod;
  for (const part of path.split('.')) value = (value as Record<string, unknown> | undefined)?.[part];
  return typeof value === 'string' ? value : '';
}

function writeMounts(writer: DescribeWriter, { volumeMounts = [], volumeDevices = [] }: Container): void {
  writer.line(2, `Mounts:${volumeMounts.length === 0 ? '\t<none>' : ''}`);
  for (const mount of [...volumeMounts].sort((a, b) => (a.mountPath < b.mountPath ? -1 : 1))) {
    const flags = [
      mount.readOnly ? 'ro' : 'rw',
      ...(mount.subPath ? [`path=${JSON.stringify(mount.subPath)}`] : []),
    ];
    writer.line(3, `${mount.mountPath} from ${mount.name} (${flags.join(',')})`);
  }
  if (volumeDevices.length > 0) writer.line(2, 'Devices:');
  for (const device of volumeDevices) writer.line(3, `${device.devicePath} from ${device.name}`);
}
