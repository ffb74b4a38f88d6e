// Upstream: pkg/apis/core/v1/defaults.go
import type {
  Container,
  EnvVar,
  Lifecycle,
  PodSpec,
  PodTemplateSpec,
  Probe,
  Volume,
} from '#generated/types/core.v1.ts';
import { mapList, remembered, rememberedCompletion, withDefaults, withField } from './sharing.ts';

const terminationGracePeriodSeconds = 30;
/** 0644, the mode of files that a volume is filled with. */
const fileMode = 0o644;
const tokenExpirationSeconds = 3600;

/** The tag of an image reference, `latest` where it has neither tag nor digest. */
function imageTag(image: string): string {
  const digestAt = image.indexOf('@');
  const name = digestAt < 0 ? image : image.slice(0, digestAt);
  const colonAt = name.lastIndexOf(':');
  if (colonAt > name.lastIndexOf('/')) return name.slice(colonAt + 1);
  return digestAt < 0 ? 'latest' : '';
}

function defaultHttpGet<H extends { readonly httpGet?: NonNullable<Probe['httpGet']> }>(handler: H): H {
  return handler.httpGet === undefined
    ? handler
    : withField(handler, 'httpGet', withDefaults(handler.httpGet, { path: '/', scheme: 'HTTP' }));
}

function defaultProbe(probe: Probe | undefined): Probe | undefined {
  if (probe === undefined) return probe;
  const numbers = { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 };
  const unset = Object.entries(numbers).filter(([key]) => !probe[key as keyof typeof numbers]);
  const handled = defaultHttpGet(probe);
  const complete = unset.length === 0 ? handled : { ...handled, ...Object.fromEntries(unset) };
  return complete.grpc === undefined
    ? complete
    : withField(complete, 'grpc', withDefaults(complete.grpc, { service: '' }));
}

function defaultLifecycle(lifecycle: Lifecycle | undefined): Lifecycle | undefined {
  if (lifecycle === undefined) return lifecycle;
  const { postStart, preStop } = lifecycle;
  const started = withField(lifecycle, 'postStart', postStart && defaultHttpGet(postStart));
  return withField(started, 'preStop', preStop && defaultHttpGet(preStop));
}

function defaultEnv(variable: EnvVar): EnvVar {
  const source = variable.valueFrom;
  if (source?.fieldRef === undefined) return variable;
  const fieldRef = withDefaults(source.fieldRef, { apiVersion: 'v1' });
  return withField(variable, 'valueFrom', withField(source, 'fieldRef', fieldRef));
}

const defaultContainer = rememberedCompletion((container: Container): Container => {
  let next = withDefaults(container, {
    imagePullPolicy: imageTag(container.image ?? '') === 'latest' ? 'Always' : 'IfNotPresent',
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    resources: {},
  });
  next = withField(
    next,
    'ports',
    mapList(next.ports, (port) => withDefaults(port, { protocol: 'TCP' })),
  );
  next = withField(next, 'env', mapList(next.env, defaultEnv));
  for (const name of ['livenessProbe', 'readinessProbe', 'startupProbe'] as const)
    next = withField(next, name, defaultProbe(next[name]));
  return withField(next, 'lifecycle', defaultLifecycle(next.lifecycle));
});

function defaultVolume(volume: Volume): Volume {
  const hasSource = Object.keys(volume).some((key) => key !== 'name');
  let next = hasSource ? volume : withField(volume, 'emptyDir', {});
  const { configMap, secret, downwardAPI, projected, hostPath, image } = next;
  next = withField(next, 'configMap', configMap && withDefaults(configMap, { defaultMode: fileMode }));
  next = withField(next, 'secret', secret && withDefaults(secret, { defaultMode: fileMode }));
  next = withField(next, 'hostPath', hostPath && withDefaults(hostPath, { type: '' }));
  if (image !== undefined) {
    const pullPolicy = imageTag(image.reference ?? '') === 'latest' ? 'Always' : 'IfNotPresent';
    next = withField(next, 'image', withDefaults(image, { pullPolicy }));
  }
  if (downwardAPI !== undefined) {
    const items = mapList(downwardAPI.items, defaultDownwardItem);
    next = withField(
      next,
      'downwardAPI',
      withDefaults(withField(downwardAPI, 'items', items), { defaultMode: fileMode }),
    );
  }
  if (projected !== undefined) {
    const sources = mapList(projected.sources, defaultProjection);
    next = withField(
      next,
      'projected',
      withDefaults(withField(projected, 'sources', sources), { defaultMode: fileMode }),
    );
  }
  return next;
}

type Projection = NonNullable<NonNullable<Volume['projected']>['sources']>[number];
type DownwardItem = NonNullable<NonNullable<Volume['downwardAPI']>['items']>[number];

function defaultDownwardItem(item: DownwardItem): DownwardItem {
  return item.fieldRef === undefined
    ? item
    : withField(item, 'fieldRef', withDefaults(item.fieldRef, { apiVersion: 'v1' }));
}

function defaultProjection(source: Projection): Projection {
  const { serviceAccountToken, downwardAPI } = source;
  if (serviceAccountToken !== undefined) {
    const token = withDefaults(serviceAccountToken, { expirationSeconds: tokenExpirationSeconds });
    return withField(source, 'serviceAccountToken', token);
  }
  if (downwardAPI === undefined) return source;
  const items = mapList(downwardAPI.items, defaultDownwardItem);
  return withField(source, 'downwardAPI', withField(downwardAPI, 'items', items));
}

/** What the server fills into any pod spec, in a template or in a pod. Remembered per spec. */
export const defaultPodSpec = rememberedCompletion((spec: PodSpec): PodSpec => {
  let next = withDefaults(spec, {
    containers: [],
    dnsPolicy: 'ClusterFirst',
    restartPolicy: 'Always',
    schedulerName: 'default-scheduler',
    securityContext: {},
    terminationGracePeriodSeconds,
  });
  // The older name of the field is kept equal to the newer one.
  const account = next.serviceAccountName || next.serviceAccount;
  if (account) {
    next = withField(next, 'serviceAccountName', account);
    next = withField(next, 'serviceAccount', account);
  }
  next = withField(next, 'containers', mapList(next.containers, defaultContainer));
  next = withField(next, 'initContainers', mapList(next.initContainers, defaultContainer));
  next = withField(next, 'ephemeralContainers', mapList(next.ephemeralContainers, defaultContainer));
  return withField(next, 'volumes', mapList(next.volumes, defaultVolume));
});

/** A template with its pod spec defaulted; one that is missing becomes an empty one, as in Go. */
export function defaultPodTemplate(template: PodTemplateSpec = {}): PodTemplateSpec {
  return withField(template, 'spec', defaultPodSpec(template.spec ?? { containers: [] }));
}

const requestLimits = remembered((container: Container): Container => {
  const { limits, requests } = container.resources ?? {};
  if (limits === undefined || Object.keys(limits).every((name) => requests?.[name] !== undefined))
    return container;
  return { ...container, resources: { ...container.resources, requests: { ...limits, ...requests } } };
});

const useHostPorts = remembered((container: Container): Container =>
  withField(
    container,
    'ports',
    mapList(container.ports, (port) => (port.hostPort ? port : { ...port, hostPort: port.containerPort })),
  ),
);

/** What the server fills into the spec of a pod, but not of a template. Remembered per spec. */
export const defaultPodOwnSpec = rememberedCompletion((spec: PodSpec): PodSpec => {
  let next = withDefaults(defaultPodSpec(spec), { enableServiceLinks: true });
  for (const field of ['containers', 'initContainers'] as const) {
    const containers = mapList(next[field], requestLimits);
    next = withField(next, field, spec.hostNetwork ? mapList(containers, useHostPorts) : containers);
  }
  return next;
});
