// Upstream: apiserver/pkg/server/routes, apiserver/pkg/server/healthz
import type { ApiRequest } from '#kubernetes/api/request.ts';
import type { Answer, ServerContext } from '../context.ts';
import { noSuchPath } from '../requestInfo.ts';
import { version } from '../version.ts';
import { describeKind, discover, type DiscoveredResource } from './discovery.ts';

/** Answers paths that are not about objects. */
export function servePath(request: ApiRequest, context: ServerContext): Answer {
  if (request.path === '/version' || request.path === '/version/') return { status: 200, body: version };
  if (['/healthz', '/livez', '/readyz'].includes(request.path)) return { status: 200, body: 'ok' };
  const found = discover(request, discoveredResources(context));
  if (found === null) throw noSuchPath();
  return { status: 200, body: found };
}

/** Everything that discovery knows: the served kinds, and what aggregated APIs say of theirs. */
function discoveredResources({ kinds, extensions }: ServerContext): readonly DiscoveredResource[] {
  const aggregated = [...extensions.groups.values()].flatMap((group) => group.resources);
  return [...kinds.all.map(describeKind), ...aggregated];
}
