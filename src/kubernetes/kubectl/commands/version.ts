// Upstream: kubectl/pkg/cmd/version/version.go
import type { Command } from '../command.ts';
import { CommandError } from '../errors.ts';
import { bool, text } from '../flags.ts';
import { toJson } from '../output/json.ts';
import { toYaml } from '../output/yaml.ts';

/** The Kustomize that kubectl carries; said, though not simulated. */
const kustomizeVersion = 'v5.7.1';

export const version: Command = {
  name: 'version',
  group: 'Other Commands',
  summary: 'Print the client and server version information',
  long: 'Print the client and server version information for the current context.',
  examples: [['Print the client and server versions for the current context', 'kubectl version']],
  usage: 'version [flags]',
  arguments: 'none',
  flags: [
    bool('client', 'If true, shows client version only (no server required).'),
    text('output', "One of 'yaml' or 'json'.", { short: 'o', values: ['json', 'yaml'] }),
  ],
  async run(invocation) {
    const { flags, args } = invocation;
    if (args.length > 0) throw new CommandError(`extra arguments: [${args.join(' ')}]`);
    const output = flags.text('output');
    if (!['', 'json', 'yaml'].includes(output)) throw new CommandError("--output must be 'yaml' or 'json'");
    const [major, minor] = invocation.version.replace(/^v/, '').split('.');
    const clientVersion = { major, minor, gitVersion: invocation.version, platform: 'linux/amd64' };
    const serverVersion = flags.bool('client')
      ? undefined
      : ((await invocation.client.send({ method: 'GET', path: '/version' })).body as { gitVersion: string });
    if (output !== '') {
      const value = { clientVersion, kustomizeVersion, ...(serverVersion && { serverVersion }) };
      return await invocation.out(
        output === 'json'
          ? `${toJson(value).replace(/^ +/gm, (pad) => ' '.repeat(pad.length / 2))}\n`
          : `${toYaml(value)}\n`,
      );
    }
    await invocation.out(`Client Version: ${invocation.version}\nKustomize Version: ${kustomizeVersion}\n`);
    if (serverVersion) await invocation.out(`Server Version: ${serverVersion.gitVersion}\n`);
  },
};
