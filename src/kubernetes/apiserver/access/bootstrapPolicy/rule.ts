import type { PolicyRule } from '#generated/types/rbac.v1.ts';

/** Words between spaces, in order; `-` is the core group. */
function words(text: string): string[] {
  return text
    .split(' ')
    .map((word) => (word === '-' ? '' : word))
    .sort();
}

/** `rule('get list', '- apps', 'pods deployments')`: a rule from words between spaces, `-` for the core group. */
export function rule(verbs: string, groups: string, resources: string, names = ''): PolicyRule {
  return {
    verbs: words(verbs),
    apiGroups: words(groups),
    resources: words(resources),
    ...(names !== '' && { resourceNames: words(names) }),
  };
}

/** A rule for paths that are not about objects. */
export function paths(verbs: string, urls: string): PolicyRule {
  return { verbs: words(verbs), nonResourceURLs: words(urls) };
}

export const read = 'get list watch';
export const write = 'create delete deletecollection patch update';

export const events = rule('create patch update', '- events.k8s.io', 'events');
