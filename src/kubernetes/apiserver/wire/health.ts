// Upstream: apiserver/pkg/server/healthz/healthz.go, apiserver/pkg/server/healthz.go
import type { ApiRequest } from '#kubernetes/api/request.ts';
import type { Answer, ServerContext } from '../context.ts';

const roots = ['healthz', 'livez', 'readyz'] as const;
type Root = (typeof roots)[number];

interface Check {
  readonly name: string;
  /** The probes that ask it; all of them when absent. */
  readonly only?: Root;
  passes(context: ServerContext): boolean;
}

const always = () => true;
const storageAnswers = ({ hasStorage }: ServerContext) => hasStorage;

/** In upstream's order: of its checks those that have something here to fail, or to have been done. */
const checks: readonly Check[] = [
  { name: 'ping', passes: always },
  { name: 'log', passes: always },
  { name: 'etcd', passes: storageAnswers },
  { name: 'etcd-readiness', only: 'readyz', passes: storageAnswers },
  { name: 'informer-sync', only: 'readyz', passes: always },
  { name: 'poststarthook/start-apiserver-admission-initializer', passes: always },
  { name: 'poststarthook/generic-apiserver-start-informers', passes: always },
  { name: 'poststarthook/scheduling/bootstrap-system-priority-classes', passes: always },
  { name: 'shutdown', only: 'readyz', passes: always },
];

/** All paths of the probes, for the index. */
export const healthPaths: readonly string[] = roots.flatMap((root) => [
  `/${root}`,
  ...checksOf(root).map(({ name }) => `/${root}/${name}`),
]);

function checksOf(root: Root): readonly Check[] {
  return checks.filter(({ only }) => only === undefined || only === root);
}

/** Answers `/livez`, `/readyz?verbose`, `/healthz/etcd` …; null for any other path. */
export function probe(request: ApiRequest, context: ServerContext): Answer | null {
  const [, named = '', single = ''] = /^\/([^/]+)(?:\/(.+))?$/.exec(request.path.replace(/\/$/, '')) ?? [];
  const root = roots.find((one) => one === named);
  if (root === undefined) return null;
  const own = checksOf(root);
  if (single === '') return report(root, own, request, context);
  const check = own.find(({ name }) => name === single);
  if (check === undefined) return null;
  return check.passes(context)
    ? { status: 200, body: 'ok' }
    : { status: 500, body: `internal server error: ${single} failed: reason withheld\n` };
}

function report(root: Root, own: readonly Check[], request: ApiRequest, context: ServerContext): Answer {
  const excluded = request.query?.['exclude'];
  const failed = own.filter(({ name, passes }) => name !== excluded && !passes(context));
  const lines = own.map((check) => {
    if (check.name === excluded) return `[+]${check.name} excluded: ok`;
    return failed.includes(check) ? `[-]${check.name} failed: reason withheld` : `[+]${check.name} ok`;
  });
  if (excluded !== undefined && !own.some(({ name }) => name === excluded))
    lines.push(`warn: some health checks cannot be excluded: no matches for ${JSON.stringify(excluded)}`);
  if (failed.length > 0) return { status: 500, body: `${lines.join('\n')}\n${root} check failed\n` };
  const isVerbose = request.query?.['verbose'] !== undefined;
  return { status: 200, body: isVerbose ? `${lines.join('\n')}\n${root} check passed\n` : 'ok' };
}
