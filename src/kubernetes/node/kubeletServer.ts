// Upstream: pkg/registry/core/pod/{strategy.go,rest}, pkg/kubelet/server, pkg/kubelet/kubelet_pods.go
import type { Container as ContainerSpec, Pod } from '#generated/types/core.v1.ts';
import { pods } from '#kubernetes/api/core/pod.ts';
import type {
  ApiRequest,
  ApiResponse,
  ApiStream,
  ExecRequest,
  PortForwardStream,
} from '#kubernetes/api/request.ts';
import { badRequest, StatusError } from '#kubernetes/apimachinery/statusError.ts';
import type { Client } from '#kubernetes/client/client.ts';
import type { Container } from './container.ts';
import type { ContainerSlot } from './containerSlot.ts';
import { openAttach, openExec } from './execSession.ts';
import { formatEntry, selectLog } from './logSelection.ts';
import type { Kubelet } from './kubelet.ts';
import type { NodeFleet } from './nodeFleet.ts';
import { Outlet } from './outlet.ts';
import { type PodLogOptions, readPodLogOptions } from './podLogOptions.ts';
import type { PodWorker } from './podWorker.ts';

/** What a request path names. */
interface Target {
  readonly namespace: string;
  readonly name: string;
  readonly subresource: string;
}

const kubeletPort = 10_250;
/** Accounted time of a call that goes on to a kubelet. */
const latencyMs = 5;

/** Answers `pods/log`, `pods/exec`, `pods/attach` and `pods/portforward` as the API server does that asks the pod's kubelet. */
export class KubeletServer {
  /** What joins a client to a pod's ports; it comes after the cluster. */
  openPortForward: ((node: Kubelet, worker: PodWorker) => PortForwardStream) | null = null;
  readonly #fleet: NodeFleet;
  readonly #client: Client;

  /** `client` reads pods as the API server itself. */
  constructor(fleet: NodeFleet, client: Client) {
    this.#fleet = fleet;
    this.#client = client;
  }

  /** Throws StatusError for what the caller did wrong. */
  serve = (request: ApiRequest, target: Target): ApiResponse => {
    const logOptions = target.subresource === 'log' ? readPodLogOptions(request, target.name) : null;
    const pod = this.#client.get(pods, target.namespace, target.name);
    if (logOptions !== null) return this.#log(request.query?.['container'], logOptions, pod);
    if (target.subresource === 'portforward') return this.#portForward(pod);
    const body = (request.body ?? {}) as ExecRequest;
    const command = body.command ?? (request.query?.['command'] ? [request.query['command']] : []);
    const name = body.container ?? request.query?.['container'];
    const { spec } = findContainer(pod, name);
    if (pod.status.phase === 'Succeeded' || pod.status.phase === 'Failed') {
      throw badRequest(
        `cannot exec into a container in a completed pod; current phase is ${pod.status.phase}`,
      );
    }
    const container = this.#slot(pod, spec.name, 'exec').container;
    if (!container?.isRunning)
      throw containerNotFound(spec.name, target.subresource === 'attach' ? pod : null);
    if (target.subresource === 'attach') return stream(openAttach(container, body));
    if (command.length === 0) throw badRequest('you must specify at least 1 command for the container');
    const session = openExec(container, { ...body, command });
    if (typeof session === 'string') throw cannotExec(session);
    return stream(session);
  };

  #portForward(pod: Pod): ApiResponse {
    const kubelet = this.#kubelet(pod, 'portForward', '');
    const worker = kubelet.workerOf(pod.metadata.namespace ?? '', pod.metadata.name);
    if (worker === undefined || this.openPortForward === null || pod.status.phase !== 'Running') {
      throw new StatusError(
        'InternalError',
        `error forwarding ports: pod not found ("${pod.metadata.name}_${pod.metadata.namespace}")`,
      );
    }
    return stream(this.openPortForward(kubelet, worker));
  }

  #log(name: string | undefined, options: PodLogOptions, pod: Pod): ApiResponse {
    const { spec } = findContainer(pod, name);
    // Upstream: registry/core/pod/strategy.go LogLocation: no host, no log, and no error.
    if (!pod.spec.nodeName) return { status: 200, warnings: [], body: '', latencyMs };
    const slot = this.#slot(pod, spec.name, 'containerLogs');
    const container = options.previous ? slot.previous : slot.container;
    if (container === null) throw notStarted(pod, slot, options.previous === true);
    const { nowMs } = this.#fleet.simulation;
    const text = selectLog(container.logs.entries(), options, nowMs);
    if (!options.follow) return { status: 200, warnings: [], body: text, latencyMs };
    return stream(this.#follow(container, text, options));
  }

  /** What is there first, and then what comes, until the container ends. */
  #follow(container: Container, text: string, options: PodLogOptions): ApiStream {
    const outlet = new Outlet<string>(this.#fleet.simulation);
    if (text !== '') outlet.put(text);
    let unfollow = () => {};
    const finish = () => {
      unfollow();
      outlet.end();
    };
    if (container.isRunning) {
      unfollow = container.logs.follow((entry) => outlet.put(formatEntry(entry, options)));
      container.whenEnded(finish);
    } else finish();
    return {
      open: (receive, end) => outlet.open(receive, end),
      close() {
        unfollow();
        outlet.close();
      },
    };
  }

  /** The container on its node. */
  #slot(pod: Pod, container: string, verb: string): ContainerSlot {
    const { namespace = '', name } = pod.metadata;
    const kubelet = this.#kubelet(pod, verb, `/${container}`);
    const slot = kubelet.workerOf(namespace, name)?.slots.find(({ spec }) => spec.name === container);
    if (slot === undefined) {
      throw badRequest(`container "${container}" in pod "${name}" is waiting to start: ContainerCreating`);
    }
    return slot;
  }

  /** The pod's kubelet; throws what the API server says when it cannot reach it. */
  #kubelet(pod: Pod, verb: string, rest: string): Kubelet {
    const { namespace = '', name } = pod.metadata;
    const { nodeName } = pod.spec;
    if (!nodeName) throw badRequest(`pod ${name} does not have a host assigned`);
    const kubelet = this.#fleet.kubelets.get(nodeName);
    const isCut = this.#fleet.network.isIsolated(nodeName);
    if (kubelet?.isRunning && !isCut) return kubelet;
    const address = `${kubelet?.hostIp ?? nodeName}:${kubeletPort}`;
    const why = kubelet?.isUp && !isCut ? 'connect: connection refused' : 'i/o timeout';
    const url = `https://${address}/${verb}/${namespace}/${name}${rest}`;
    const verbText = verb === 'containerLogs' ? `Get "${url}": ` : 'error dialing backend: ';
    throw new StatusError('Unknown', `${verbText}dial tcp ${address}: ${why}`);
  }
}

function stream(opened: ApiStream): ApiResponse {
  return { status: 200, warnings: [], body: null, stream: opened, latencyMs };
}

/** The container of that name; the only one when no name is given. */
function findContainer(pod: Pod, name: string | undefined): { readonly spec: ContainerSpec } {
  const { containers, initContainers = [], ephemeralContainers = [] } = pod.spec;
  if (name === undefined || name === '') {
    if (containers.length === 1) return { spec: containers[0]! };
    const names = (list: readonly ContainerSpec[]) => `[${list.map((spec) => spec.name).join(' ')}]`;
    const init = initContainers.length > 0 ? ` or one of the init containers: ${names(initContainers)}` : '';
    const ephemeral =
      ephemeralContainers.length > 0
        ? ` or one of the ephemeral containers: ${names(ephemeralContainers)}`
        : '';
    throw badRequest(
      `a container name must be specified for pod ${pod.metadata.name}, choose one of: ${names(containers)}${init}${ephemeral}`,
    );
  }
  const spec = [...initContainers, ...containers, ...ephemeralContainers].find(
    (entry) => entry.name === name,
  );
  if (spec === undefined) throw badRequest(`container ${name} is not valid for pod ${pod.metadata.name}`);
  return { spec };
}

function notStarted(pod: Pod, slot: ContainerSlot, previous: boolean): StatusError {
  const who = `container "${slot.spec.name}" in pod "${pod.metadata.name}"`;
  if (previous) return badRequest(`previous terminated ${who} not found`);
  const hasInit = (pod.spec.initContainers ?? []).length > 0;
  const reason = slot.waiting?.reason ?? (hasInit ? 'PodInitializing' : 'ContainerCreating');
  const isPulling = reason === 'ErrImagePull' || reason === 'ImagePullBackOff';
  return badRequest(
    isPulling
      ? `${who} is waiting to start: trying and failing to pull image`
      : `${who} is waiting to start: ${reason}`,
  );
}

/** What the kubelet answers instead of opening a stream; to attach to a pod it says it in other words. */
function containerNotFound(name: string, attached: Pod | null): StatusError {
  const why =
    attached === null
      ? `container not found ("${name}")`
      : `container ${name} not found in pod ${attached.metadata.name}_${attached.metadata.namespace}`;
  return new StatusError('InternalError', `unable to upgrade connection: ${why}`);
}

function cannotExec(why: string): StatusError {
  return new StatusError(
    'InternalError',
    `Internal error occurred: error executing command in container: failed to exec in container: failed to start exec: OCI runtime exec failed: ${why}: unknown`,
  );
}
