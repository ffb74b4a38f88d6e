// Upstream: kubectl/pkg/cmd/create/{create_role,create_clusterrole}.go
import type { PolicyRule } from '#generated/types/rbac.v1.ts';
import { CommandError } from '../../errors.ts';
import { array, strings } from '../../flags.ts';
import type { Invocation } from '../../invocation.ts';
import type { RestMapper } from '../../restMapper.ts';

const resourceVerbs = [
  '*',
  'get',
  'delete',
  'list',
  'create',
  'update',
  'patch',
  'watch',
  'proxy',
  'deletecollection',
  'use',
  'bind',
  'escalate',
  'impersonate',
];
const urlVerbs = ['*', 'get', 'post', 'put', 'delete', 'patch', 'head', 'options'];

const roleResources = ['roles.rbac.authorization.k8s.io', 'clusterroles.rbac.authorization.k8s.io'];
/** Verbs that mean something for some resources only, in the form `resource.group`. */
const specialVerbs: Readonly<Record<string, readonly string[]>> = {
  use: ['podsecuritypolicies.policy', 'podsecuritypolicies.extensions'],
  bind: roleResources,
  escalate: roleResources,
  impersonate: ['users', 'serviceaccounts', 'groups', 'userextras.authentication.k8s.io'],
};

export const ruleFlags = [
  strings('verb', 'Verb that applies to the resources contained in the rule'),
  strings('resource', 'Resource that the rule applies to'),
  array(
    'resource-name',
    'Resource in the white list that the rule applies to, repeat this flag for multiple items',
  ),
];

interface Asked {
  readonly resource: string;
  readonly group: string;
  readonly subresource: string;
}

/** The rules that the flags ask for: one per API group, in the groups' order, and one for URLs. */
export async function rulesOf(invocation: Invocation, takesUrls: boolean): Promise<PolicyRule[]> {
  const { flags } = invocation;
  const named = [...new Set(flags.list('verb'))];
  const verbs = named.includes('*') ? ['*'] : named;
  if (verbs.length === 0) throw new CommandError('at least one verb must be specified');
  const asked = readResources(flags.list('resource'));
  const urls = takesUrls ? [...new Set(flags.list('non-resource-url'))] : [];
  if (asked.length === 0 && urls.length === 0) {
    throw new CommandError(
      takesUrls
        ? 'one of resource or nonResourceURL must be specified'
        : 'at least one resource must be specified',
    );
  }
  const mapper = await invocation.mapper();
  if (asked.length > 0) {
    for (const verb of verbs)
      if (!resourceVerbs.includes(verb))
        await invocation.err(`Warning: '${verb}' is not a standard resource verb\n`);
    checkResources(asked, verbs, mapper);
  }
  checkUrls(urls, verbs);
  const rules: PolicyRule[] = resourceRules(asked, verbs, [...new Set(flags.list('resource-name'))], mapper);
  return urls.length === 0 ? rules : [...rules, { verbs, nonResourceURLs: urls }];
}

function readResources(words: readonly string[]): Asked[] {
  const asked: Asked[] = [];
  for (const word of words) {
    const slash = word.indexOf('/');
    const [resource = '', ...group] = (slash < 0 ? word : word.slice(0, slash)).split('.');
    const one = { resource, group: group.join('.'), subresource: slash < 0 ? '' : word.slice(slash + 1) };
    if (word === '*') return [one];
    asked.push(one);
  }
  return asked;
}

function find({ resource, group }: Asked, mapper: RestMapper) {
  return mapper.find(group === '' ? resource : `${resource}.${group}`);
}

function checkResources(asked: readonly Asked[], verbs: readonly string[], mapper: RestMapper): void {
  for (const one of asked) {
    if (one.resource === '')
      throw new CommandError('resource must be specified if apiGroup/subresource specified');
    if (one.resource === '*') return;
    const found = find(one, mapper);
    const { plural, group } = found ?? { plural: one.resource, group: one.group };
    let isSpecial = false;
    for (const verb of verbs) {
      const among = specialVerbs[verb];
      if (among === undefined) continue;
      if (!among.includes(group === '' ? plural : `${plural}.${group}`))
        throw new CommandError(`can not perform '${verb}' on '${plural}' in group '${group}'`);
      isSpecial = true;
    }
    if (found === undefined && !isSpecial) throw noSuchType(one);
  }
}

/** Upstream passes the mapper's error on as it is. */
function noSuchType({ resource, group }: Asked): CommandError {
  const where = group === '' ? '' : ` in group ${JSON.stringify(group)}`;
  return new CommandError(
    `the server doesn't have a resource type ${JSON.stringify(resource)}${where}`,
    1,
    '',
  );
}

function checkUrls(urls: readonly string[], verbs: readonly string[]): void {
  if (urls.length === 0) return;
  for (const verb of verbs)
    if (!urlVerbs.includes(verb)) throw new CommandError(`invalid verb: '${verb}' for nonResourceURL`);
  for (const url of urls) {
    if (url === '*') continue;
    if (!url.startsWith('/')) throw new CommandError('nonResourceURL should start with /');
    if (url.slice(0, -1).includes('*'))
      throw new CommandError("nonResourceURL only supports wildcard matches when '*' is at the end");
  }
}

function resourceRules(
  asked: readonly Asked[],
  verbs: readonly string[],
  resourceNames: readonly string[],
  mapper: RestMapper,
): PolicyRule[] {
  const byGroup = new Map<string, Set<string>>();
  for (const one of asked) {
    const { plural, group } = find(one, mapper) ?? { plural: one.resource, group: one.group };
    const resources = byGroup.get(group) ?? new Set<string>();
    byGroup.set(group, resources.add(one.subresource === '' ? plural : `${plural}/${one.subresource}`));
  }
  return [...byGroup]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([group, resources]) => ({
      verbs,
      apiGroups: [group],
      resources: [...resources],
      ...(resourceNames.length > 0 && { resourceNames }),
    }));
}
