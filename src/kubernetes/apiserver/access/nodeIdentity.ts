// Upstream: pkg/auth/nodeidentifier/default.go
import type { UserInfo } from '#kubernetes/api/request.ts';

const userPrefix = 'system:node:';

/** The node that a user is, by its name and group; null for anyone else. */
export function nodeNameOf({ name, groups }: UserInfo): string | null {
  return name.startsWith(userPrefix) && groups.includes('system:nodes')
    ? name.slice(userPrefix.length)
    : null;
}
