// Upstream: pkg/kubelet/kubelet_pods.go makeMounts, pkg/kubelet/container/helpers.go ExpandContainerVolumeMounts
import type { Container } from '#generated/types/core.v1.ts';
import { expand } from './commandLine.ts';
import { ContainerConfigError } from './startErrors.ts';

const reason = 'CreateContainerConfigError';

/** Looks whether what `subPathExpr` comes to in this environment stays inside its volume. Throws ContainerConfigError. */
export function checkSubPaths(
  { volumeMounts = [] }: Container,
  environment: () => ReadonlyMap<string, string>,
): void {
  for (const { subPathExpr } of volumeMounts) {
    if (!subPathExpr) continue;
    const missing: string[] = [];
    const path = expand(subPathExpr, (name) => {
      const value = environment().get(name);
      if (value === undefined || value === '') missing.push(name);
      return value;
    });
    if (missing.length > 0)
      throw new ContainerConfigError(reason, `missing value for ${[...new Set(missing)].sort().join(', ')}`);
    if (path.startsWith('/'))
      throw new ContainerConfigError(reason, `error SubPath \`${path}\` must not be an absolute path`);
    if (path.split('/').includes('..'))
      throw new ContainerConfigError(
        reason,
        `unable to provision SubPath \`${path}\`: must not contain '..'`,
      );
  }
}
