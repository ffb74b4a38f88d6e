// Upstream: apiserver/pkg/storage/etcd3/metrics, component-base/version
import { qualifiedResource } from '#kubernetes/apimachinery/statusError.ts';
import { prefixEnd } from '#kubernetes/etcd/etcd.ts';
import type { ServerContext } from '../context.ts';
import { storagePrefix } from '../storage.ts';
import { version } from '../version.ts';

/** `/metrics`: what this server knows of itself, and nothing made up. */
export function metrics({ kinds, storage }: ServerContext): string {
  const { major, minor, gitVersion, gitCommit, platform } = version;
  const build = Object.entries({ git_commit: gitCommit, git_version: gitVersion, major, minor, platform });
  const labels = build.map(([name, value]) => `${name}="${value}"`).join(',');
  const stored = kinds.all.filter((kind) => kind.storage === undefined);
  const countOf = (from: string) => storage.etcd.range({ from, end: prefixEnd(from), limit: 0 }).count;
  const counts = stored.map((kind) => {
    const name = qualifiedResource(kind.group, kind.plural);
    return `apiserver_storage_objects{resource="${name}"} ${countOf(storagePrefix(kind, ''))}`;
  });
  return [
    '# HELP apiserver_storage_objects [STABLE] Number of stored objects at the time of last check split by kind.',
    '# TYPE apiserver_storage_objects gauge',
    ...counts,
    "# HELP kubernetes_build_info [ALPHA] A metric with a constant '1' value labeled by major, minor, git version, git commit, git tree state, build date, Go version, and compiler from which Kubernetes was built, and platform on which it is running.",
    '# TYPE kubernetes_build_info gauge',
    `kubernetes_build_info{${labels}} 1`,
    '',
  ].join('\n');
}
