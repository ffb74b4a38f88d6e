// Upstream: kubectl/pkg/util/templates (the sections and their order, not the texts)
import type { Command } from './command.ts';
import type { Flag } from './flags.ts';

const optionsHint =
  'Use "kubectl options" for a list of global command-line options (applies to all commands).';

const groups = [
  'Basic Commands (Beginner)',
  'Basic Commands (Intermediate)',
  'Deploy Commands',
  'Cluster Management Commands',
  'Troubleshooting and Debugging Commands',
  'Advanced Commands',
  'Settings Commands',
  'Other Commands',
];

/** Upstream: cobra's minNamePadding. */
const subcommandWidthMin = 11;

function listOf(commands: readonly Command[], least = 0): string {
  const width = Math.max(least, ...commands.map((command) => command.name.length));
  return commands
    .map((command) => `  ${command.name.padEnd(width)}${least ? ' ' : '   '}${command.summary}\n`)
    .join('');
}

/** What `kubectl` alone prints. */
export function rootHelp(commands: readonly Command[]): string {
  const sections = groups.map((group) => {
    const own = commands.filter((command) => command.group === group);
    return own.length === 0 ? '' : `${group}:\n${listOf(own, 15)}\n`;
  });
  return `kubectl controls the Kubernetes cluster manager.

 Find more information at: https://kubernetes.io/docs/reference/kubectl/

${sections.join('')}Usage:
  kubectl [flags] [options]

Use "kubectl <command> --help" for more information about a given command.
${optionsHint}
`;
}

/** One flag as the Options section shows it. */
function flagHelp({ name, short, type, initial, usage }: Flag): string {
  const shown = type === 'string' ? `'${initial}'` : initial;
  return `    ${short ? `-${short}, ` : ''}--${name}=${shown}:\n\t${usage}\n`;
}

export function flagsHelp(flags: readonly Flag[]): string {
  return [...flags]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(flagHelp)
    .join('\n');
}

/** What `--help` prints for a command; `path` is `kubectl rollout undo`. */
export function commandHelp(command: Command, path: string): string {
  const parts = [`${command.long ?? `${command.summary}.`}\n`];
  if (command.examples?.length) {
    const lines = command.examples.map(([comment, line]) => `  # ${comment}\n  ${line}\n`);
    parts.push(`Examples:\n${lines.join('  \n')}`);
  }
  const subcommands = command.subcommands ?? [];
  if (subcommands.length > 0) {
    const width = Math.max(subcommandWidthMin, ...subcommands.map((one) => one.name.length));
    parts.push(
      `Available Commands:\n${subcommands.map((one) => `  ${one.name.padEnd(width)}   ${one.summary}\n`).join('')}`,
    );
  }
  if (command.flags?.length) parts.push(`Options:\n${flagsHelp(command.flags)}`);
  parts.push(`Usage:\n  kubectl ${command.usage} [options]\n`);
  const more =
    subcommands.length > 0
      ? `Use "${path} <command> --help" for more information about a given command.\n`
      : '';
  return `${parts.join('\n')}\n${more}${optionsHint}\n`;
}
