// Upstream: kubectl/pkg/cmd/apiresources/{apiresources,apiversions}.go
import type { Command } from '../command.ts';
import { CommandError, usageError } from '../errors.ts';
import { bool, strings, text } from '../flags.ts';
import { TableWriter } from '../output/table.ts';
import type { Resource } from '../restMapper.ts';

const groupVersion = ({ group, version }: Resource) => (group === '' ? version : `${group}/${version}`);

export const apiResources: Command = {
  name: 'api-resources',
  group: 'Other Commands',
  summary: 'Print the supported API resources on the server',
  examples: [
    ['Print the supported API resources', 'kubectl api-resources'],
    ['Print the supported API resources with more information', 'kubectl api-resources -o wide'],
    ['Print the supported namespaced resources', 'kubectl api-resources --namespaced=true'],
    ['Print the supported API resources with a specific APIGroup', 'kubectl api-resources --api-group=apps'],
  ],
  usage: 'api-resources [flags]',
  arguments: 'none',
  flags: [
    text('api-group', 'Limit to resources in the specified API group.'),
    bool(
      'namespaced',
      'If false, non-namespaced resources will be returned, otherwise returning namespaced resources by default.',
      { initial: 'true' },
    ),
    bool(
      'no-headers',
      "When using the default or custom-column output format, don't print headers (default print headers).",
    ),
    strings('verbs', 'Limit to resources that support the specified verbs.'),
    strings('categories', 'Limit to resources that belong to the specified categories.'),
    text(
      'sort-by',
      "If non-empty, sort list of resources using specified field. The field can be either 'name' or 'kind'.",
      { values: ['name', 'kind'] },
    ),
    text('output', 'Output format. One of: (wide, name).', { short: 'o', values: ['wide', 'name'] }),
  ],
  async run(invocation) {
    const { flags, args, path } = invocation;
    if (args.length > 0) throw usageError(path, `unexpected arguments: [${args.join(' ')}]`);
    const output = flags.text('output');
    if (!['', 'wide', 'name'].includes(output)) throw new CommandError(`--output ${output} is not available`);
    const sortBy = flags.text('sort-by');
    if (!['', 'name', 'kind'].includes(sortBy)) throw new CommandError('--sort-by accepts only name or kind');
    const mapper = await invocation.mapper();
    const shown = mapper.preferred.filter(
      (one) =>
        (!flags.changed('api-group') || one.group === flags.text('api-group')) &&
        (!flags.changed('namespaced') || one.namespaced === flags.bool('namespaced')) &&
        flags.list('verbs').every((verb) => one.verbs.includes(verb)) &&
        flags.list('categories').every((category) => one.categories.includes(category)) &&
        one.verbs.length > 0,
    );
    const key = (one: Resource) =>
      sortBy === 'kind' ? one.kind : sortBy === 'name' ? one.plural : `${one.group} ${one.plural}`;
    const sorted = shown.sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
    if (output === 'name') {
      return await invocation.out(
        sorted.map(({ plural, group }) => `${plural}${group && `.${group}`}\n`).join(''),
      );
    }
    const writer = new TableWriter();
    const wide = output === 'wide';
    if (!flags.bool('no-headers'))
      writer.add([
        'NAME',
        'SHORTNAMES',
        'APIVERSION',
        'NAMESPACED',
        'KIND',
        ...(wide ? ['VERBS', 'CATEGORIES'] : []),
      ]);
    for (const one of sorted) {
      const more = wide ? [one.verbs.join(','), one.categories.join(',')] : [];
      writer.add([
        one.plural,
        one.shortNames.join(','),
        groupVersion(one),
        String(one.namespaced),
        one.kind,
        ...more,
      ]);
    }
    await invocation.out(writer.flush());
  },
};

export const apiVersions: Command = {
  name: 'api-versions',
  group: 'Other Commands',
  summary: 'Print the supported API versions on the server, in the form of "group/version"',
  examples: [['Print the supported API versions', 'kubectl api-versions']],
  usage: 'api-versions',
  arguments: 'none',
  async run(invocation) {
    if (invocation.args.length > 0)
      throw usageError(invocation.path, `unexpected arguments: [${invocation.args.join(' ')}]`);
    const versions = new Set((await invocation.mapper()).resources.map(groupVersion));
    await invocation.out(
      [...versions]
        .sort()
        .map((one) => `${one}\n`)
        .join(''),
    );
  },
};
