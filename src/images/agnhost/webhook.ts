// Upstream: test/images/agnhost/webhook
import { encodeBase64 } from '#kubernetes/api/base64.ts';
import type { HttpRequest, HttpResponse } from '#world/network/http.ts';
import { defineServer, definePort, mib } from '../image.ts';

/** What the reviews bring of an object that these webhooks look at. */
interface Reviewed {
  readonly metadata?: {
    readonly name?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly data?: Readonly<Record<string, string>>;
  readonly spec?: { readonly containers?: readonly { readonly name: string }[] };
  readonly stdin?: boolean;
  readonly container?: string;
}

interface ReviewRequest {
  readonly uid: string;
  readonly name?: string;
  readonly operation: string;
  readonly object: Reviewed | null;
  readonly oldObject: Reviewed | null;
}

/** Says no with a text, or yes; a yes may bring a patch. */
interface Opinion {
  readonly denied?: string;
  readonly patch?: readonly object[];
}

type Handler = (object: Reviewed, request: ReviewRequest, args: readonly string[]) => Opinion;

const unwanted = ({ data = {} }: Reviewed) => data['webhook-e2e-test'] === 'webhook-disallow';

function admitPods({ metadata, spec }: Reviewed): Opinion {
  const found: string[] = [];
  if (metadata?.labels?.['webhook-e2e-test'] === 'webhook-disallow')
    found.push('the pod contains unwanted label;');
  for (const { name } of spec?.containers ?? [])
    if (name.includes('webhook-disallow')) found.push('the pod contains unwanted container name;');
  return found.length > 0 ? { denied: found.join(' ') } : {};
}

function denyAttachment({ stdin, container }: Reviewed, { name }: ReviewRequest): Opinion {
  const isDenied = name === 'to-be-attached-pod' && stdin === true && container === 'container1';
  return isDenied ? { denied: "attaching to pod 'to-be-attached-pod' is not allowed" } : {};
}

function addLabel({ metadata }: Reviewed): Opinion {
  const labels = metadata?.labels ?? {};
  if (Object.keys(labels).length === 0)
    return { patch: [{ op: 'add', path: '/metadata/labels', value: { 'added-label': 'yes' } }] };
  if (labels['added-label'] === 'yes') return {};
  const op = labels['added-label'] === undefined ? 'add' : 'replace';
  return { patch: [{ op, path: '/metadata/labels/added-label', value: 'yes' }] };
}

/** Two stages, each of which is started by the other's mark: called in any order, they end the same. */
function mutateData({ data = {} }: Reviewed): Opinion {
  const stage = data['mutation-stage-1'] === 'yes' ? 2 : data['mutation-start'] === 'yes' ? 1 : undefined;
  return stage === undefined
    ? {}
    : { patch: [{ op: 'add', path: `/data/mutation-stage-${stage}`, value: 'yes' }] };
}

function addInitContainer({ metadata }: Reviewed): Opinion {
  if (metadata?.name !== 'webhook-to-be-mutated') return {};
  const value = [{ image: 'webhook-added-image', name: 'webhook-added-init-container', resources: {} }];
  return { patch: [{ op: 'add', path: '/spec/initContainers', value }] };
}

function addSidecar({ spec }: Reviewed, _request: ReviewRequest, args: readonly string[]): Opinion {
  const image = args.find((arg) => arg.startsWith('--sidecar-image='))?.slice('--sidecar-image='.length);
  if (!image) return { denied: 'No image specified by the sidecar-image parameter' };
  if (spec?.containers?.some(({ name }) => name === 'webhook-added-sidecar')) return {};
  const value = { image, name: 'webhook-added-sidecar', resources: {} };
  return { patch: [{ op: 'add', path: '/spec/containers/-', value }] };
}

function denyDefinition({ metadata }: Reviewed): Opinion {
  return metadata?.labels?.['webhook-e2e-test'] === 'webhook-disallow'
    ? { denied: 'the crd contains unwanted label' }
    : {};
}

const handlers: Readonly<Record<string, Handler>> = {
  '/always-allow-delay-5s': () => ({}),
  '/always-deny': () => ({ denied: 'this webhook denies all requests' }),
  '/add-label': addLabel,
  '/pods': admitPods,
  '/pods/attach': denyAttachment,
  '/mutating-pods': addInitContainer,
  '/mutating-pods-sidecar': addSidecar,
  '/configmaps': (object) =>
    unwanted(object) ? { denied: 'the configmap contains unwanted key and value' } : {},
  '/mutating-configmaps': mutateData,
  '/custom-resource': (object) =>
    unwanted(object) ? { denied: 'the custom resource contains unwanted data' } : {},
  '/mutating-custom-resource': mutateData,
  '/crd': denyDefinition,
};

function respond(body: string, status = 200, type = 'text/plain; charset=utf-8'): HttpResponse {
  return { status, headers: { 'content-type': type, 'content-length': String(body.length) }, body };
}

/** One request to the webhook server. */
function serve({ path, body }: HttpRequest, args: readonly string[]): HttpResponse {
  const [name = ''] = path.split('?');
  if (name === '/readyz') return respond('ok');
  const handler = Object.hasOwn(handlers, name) ? handlers[name] : undefined;
  if (handler === undefined) return respond('404 page not found\n', 404);
  let review: { readonly apiVersion?: string; readonly request?: ReviewRequest };
  try {
    review = JSON.parse(body) as typeof review;
  } catch {
    return respond('Request could not be decoded: unexpected end of JSON input\n', 400);
  }
  const { apiVersion, request } = review;
  if (request === undefined) return respond('Unsupported group version kind\n', 400);
  const { denied, patch } = handler(request.object ?? request.oldObject ?? {}, request, args);
  const response = {
    uid: request.uid,
    allowed: denied === undefined,
    ...(denied !== undefined && { status: { metadata: {}, message: denied } }),
    ...(patch && { patch: encodeBase64(JSON.stringify(patch)), patchType: 'JSONPatch' }),
  };
  const answer = respond(
    JSON.stringify({ kind: 'AdmissionReview', apiVersion, response }),
    200,
    'application/json',
  );
  return name === '/always-allow-delay-5s' ? { ...answer, delayMs: 5000 } : answer;
}

function portOf(args: readonly string[]): number {
  return Number(args.find((arg) => arg.startsWith('--port='))?.slice('--port='.length) ?? 443);
}

/** `agnhost webhook`: webhooks that deny and change what upstream's tests make. */
export const webhookServer = defineServer({
  memoryIdleBytes: 12 * mib,
  ports: ({ args }) => [
    definePort({ port: portOf(args), handle: (request) => serve(request, args), isSteady: true }),
  ],
});
