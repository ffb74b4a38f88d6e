// Upstream: cmd/kubeadm/app/cmd/cmd.go, cmd/kubeadm/app/util/error.go
import { StatusError } from '#kubernetes/apimachinery/statusError.ts';
import type { Process, Program } from '#world/machine/program.ts';
import { apply } from './apply.ts';
import { checkExpiration } from './certificates.ts';
import { type CommandLine, type FlagNames, parse } from './commandLine.ts';
import { Failure, PreflightFailure } from './failure.ts';
import { adminFile, type Host } from './host.ts';
import { upgradeNode } from './node.ts';
import { plan } from './plan.ts';
import { images } from './pullImages.ts';
import { token } from './token.ts';
import { minorOf, numbersOf } from './versions.ts';

interface Command {
  readonly flags: FlagNames;
  /** It needs the administrator's file, which only nodes of the control plane have. */
  readonly isAdministrators: boolean;
  run(process: Process, host: Host, line: CommandLine): Promise<void>;
}

const commands: Readonly<Record<string, Command>> = {
  'upgrade plan': {
    flags: {},
    isAdministrators: true,
    run: (process, host) => plan(process, host),
  },
  'upgrade apply': {
    flags: { yes: 'alone', force: 'alone', 'dry-run': 'alone' },
    isAdministrators: true,
    run: apply,
  },
  'upgrade node': { flags: {}, isAdministrators: false, run: upgradeNode },
  token: {
    flags: { 'print-join-command': 'alone', ttl: 'valued', description: 'valued' },
    isAdministrators: true,
    run: token,
  },
  'config images': { flags: {}, isAdministrators: false, run: images },
  'certs check-expiration': {
    flags: {},
    isAdministrators: true,
    run: (process) => checkExpiration(process),
  },
  version: { flags: { output: 'valued' }, isAdministrators: false, run: printVersion },
};

/** Commands of kubeadm that are not simulated, and why nobody needs them. */
const elsewhere: Readonly<Record<string, string>> = {
  init: 'the cluster is there already',
  join: 'nodes cannot be added here: scenarios say how many there are',
  reset: 'nodes keep what they are: `kubectl delete node NODE` takes one out of the cluster',
  config:
    '`kubeadm config images` is; the configuration is in the ConfigMap: `kubectl -n kube-system get cm kubeadm-config -o yaml`',
  certs: '`kubeadm certs check-expiration` is',
  upgrade: '`kubeadm upgrade plan`, `apply` and `node` are',
};

/** kubeadm on one node. */
export function kubeadm(host: Host): Program {
  return async (process) => {
    try {
      await run(process, host);
      return 0;
    } catch (error) {
      if (!(error instanceof Failure || error instanceof StatusError)) throw error;
      if (error instanceof PreflightFailure) await process.stderr.write(error.lines);
      await process.stderr.write(
        `error: ${error.message}\nTo see the stack trace of this error execute with --v=5 or higher\n`,
      );
      return error instanceof Failure ? error.exitCode : 1;
    }
  };
}

async function run(process: Process, host: Host): Promise<void> {
  const args = process.args.slice(1);
  const [first = '', second = ''] = args;
  const name = [`${first} ${second}`, first].find((words) => Object.hasOwn(commands, words));
  if (name === undefined) return explain(process, first);
  const command = commands[name]!;
  const line = parse(args.slice(name.split(' ').length), command.flags);
  if (command.isAdministrators && process.files.status(adminFile) === null)
    throw new Failure(
      `couldn't create a Kubernetes client from file ${JSON.stringify(adminFile)}: failed to load admin kubeconfig: open ${adminFile}: no such file or directory`,
    );
  await command.run(process, host, line);
}

async function explain(process: Process, word: string): Promise<void> {
  if (word !== '' && !word.startsWith('-')) {
    const hint = elsewhere[word];
    throw new Failure(
      hint === undefined
        ? `unknown command ${JSON.stringify(word)} for "kubeadm"`
        : `\`kubeadm ${word}\` is not simulated; ${hint}`,
    );
  }
  await process.stdout.write(
    `Usage:\n  kubeadm [command]\n\nAvailable Commands:\n${Object.keys(commands)
      .map((name) => `  ${name}\n`)
      .join('')}`,
  );
}

async function printVersion(process: Process, host: Host, { flags }: CommandLine): Promise<void> {
  const version = host.version();
  const [major] = numbersOf(version)!;
  await process.stdout.write(
    flags.get('output') === 'short'
      ? `${version}\n`
      : `kubeadm version: &version.Info{Major:"${major}", Minor:"${minorOf(version)}", EmulationMajor:"", EmulationMinor:"", MinCompatibilityMajor:"", MinCompatibilityMinor:"", GitVersion:"${version}", GitCommit:"podarium", GitTreeState:"clean", BuildDate:"1970-01-01T00:00:00Z", GoVersion:"none", Compiler:"none", Platform:"linux/amd64"}\n`,
  );
}
