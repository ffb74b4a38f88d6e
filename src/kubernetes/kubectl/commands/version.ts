// Upstream: kubectl/pkg/cmd/version/version.go
import type { Command } from '../command.ts';
import { CommandError } from '../errors.ts';
import { bool, text } from '../flags.ts';
import { toJson } from '../output/json.ts';
import { toYaml } from '#kubernetes/apimachinery/yamlText.ts';

/** The Kustomize that kubectl of a release carries; said, though only what `-k` needs is simulated. */
function kustomizeOf(version: string): string {
  return minorOf(version) >= 36 ? 'v5.8.1' : 'v5.7.1';
}

/** Minor releases that kubectl may be apart from its server. */
const supportedSkew = 1;

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
    const kustomizeVersion = kustomizeOf(invocation.version);
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
    if (serverVersion === undefined) return;
    await invocation.out(`Server Version: ${serverVersion.gitVersion}\n`);
    const warning = skewWarning(invocation.version, serverVersion.gitVersion);
    if (warning !== null) await invocation.err(warning);
  },
};

function minorOf(version: string): number {
  return Number(version.split('.')[1]);
}

/** Upstream: kubectl/pkg/cmd/version/skew_warning.go */
function skewWarning(client: string, server: string): string | null {
  const short = (version: string) => version.replace(/^v(\d+\.\d+).*$/, '$1');
  if (Math.abs(minorOf(client) - minorOf(server)) <= supportedSkew) return null;
  return `WARNING: version difference between client (${short(client)}) and server (${short(server)}) exceeds the supported minor version skew of +/-${supportedSkew}\n`;
}
