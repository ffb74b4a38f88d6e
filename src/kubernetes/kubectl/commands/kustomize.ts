// Upstream: kubectl/pkg/cmd/kustomize, sigs.k8s.io/kustomize/kustomize/commands/build
import type { Command } from '../command.ts';
import { CommandError } from '../errors.ts';
import { build } from '../kustomize/build.ts';
import { sortKeys } from '../output/json.ts';
import { toYaml } from '#kubernetes/apimachinery/yamlText.ts';

export const kustomize: Command = {
  name: 'kustomize',
  group: 'Advanced Commands',
  summary: 'Build a kustomization target from a directory or URL',
  long: "Build a set of KRM resources using a 'kustomization.yaml' file. The DIR argument must be a path to a directory containing 'kustomization.yaml', or a git repository URL with a path suffix specifying same with respect to the repository root. If DIR is omitted, '.' is assumed.",
  examples: [
    ['Build the current working directory', 'kubectl kustomize'],
    ['Build some shared configuration directory', 'kubectl kustomize /home/config/production'],
  ],
  usage: 'kustomize DIR',
  async run(invocation) {
    const { args, process } = invocation;
    if (args.length > 1) throw new CommandError('specify one path to kustomization.yaml');
    const { objects, warnings } = build(process.files, process.workingDirectory, args[0] ?? '.');
    for (const warning of warnings) await invocation.err(`${warning}\n`);
    const documents = objects.map((object) => toYaml(sortKeys(object)));
    await invocation.out(documents.join('---\n'));
  },
};
