// Upstream: apiserver/pkg/endpoints/handlers/rest.go ConnectResource
import type { KubeObject } from '#kubernetes/api/object.ts';
import type { ExecRequest } from '#kubernetes/api/request.ts';
import type { AdmissionRequest, Call, ServerContext } from '../context.ts';

/** What is connected to, and the kind of the options that say how. */
const optionKinds: Readonly<Record<string, string>> = {
  attach: 'AttachOptions',
  exec: 'ExecOptions',
  portforward: 'PortForwardOptions',
  proxy: 'ProxyOptions',
};

/** Asks admission about a connection to an object: the options are what is looked at. */
export function admitConnect({ request, info, stored, warnings }: Call, context: ServerContext): void {
  const options = optionKinds[info.subresource];
  if (options === undefined) return;
  const body = (request.body ?? {}) as ExecRequest;
  const container = body.container ?? request.query?.['container'];
  const object = {
    kind: `${stored.kind}${options}`,
    apiVersion: 'v1',
    metadata: {},
    stdin: body.stdin ?? request.query?.['stdin'] === 'true',
    stdout: true,
    stderr: true,
    tty: body.tty ?? request.query?.['tty'] === 'true',
    ...(container !== undefined && { container }),
    ...(body.command && { command: body.command }),
  };
  const admission: AdmissionRequest = {
    operation: 'CONNECT',
    kind: stored,
    namespace: info.namespace,
    name: info.name,
    subresource: info.subresource,
    old: undefined,
    user: request.user,
    warnings,
    dryRun: false,
  };
  for (const plugin of context.admission.chainOf(admission).validate)
    plugin.validate?.(object as unknown as KubeObject, admission, context);
}
