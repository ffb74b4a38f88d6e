// Upstream: kubectl/pkg/cmd/config/{set_credentials,delete_user}.go
import { encodeBase64 } from '#kubernetes/api/base64.ts';
import { FileError, resolvePath } from '#world/machine/fileSystem.ts';
import type { Command } from '../command.ts';
import { CommandError, usageError } from '../errors.ts';
import { bool, text } from '../flags.ts';
import type { Invocation } from '../invocation.ts';
import { type AuthInfo, type Kubeconfig, writeKubeconfig } from '../kubeconfig.ts';

/** What `config view` shows in place of what is secret or long. */
export function redacted(config: Kubeconfig): Kubeconfig {
  const hide = (info: AuthInfo): AuthInfo => ({
    ...info,
    ...(info['client-certificate-data'] && { 'client-certificate-data': 'DATA+OMITTED' }),
    ...(info['client-key-data'] && { 'client-key-data': 'DATA+OMITTED' }),
    ...(info.token && { token: 'REDACTED' }),
    ...(info.password && { password: 'REDACTED' }),
  });
  return { ...config, users: config.users.map(({ name, user }) => ({ name, user: hide(user) })) };
}

export const setCredentials: Command = {
  name: 'set-credentials',
  summary: 'Set a user entry in kubeconfig',
  examples: [
    ['Set a token for the "deployer" entry', 'kubectl config set-credentials deployer --token=$TOKEN'],
    [
      'Embed client certificate data in the "jane" entry',
      'kubectl config set-credentials jane --client-certificate=jane.crt --embed-certs=true',
    ],
  ],
  usage:
    'config set-credentials NAME [--client-certificate=path/to/certfile] [--client-key=path/to/keyfile] [--token=bearer_token] [--username=basic_user] [--password=basic_password]',
  flags: [
    text('client-certificate', 'Path to client-certificate file for the user entry in kubeconfig'),
    text('client-key', 'Path to client-key file for the user entry in kubeconfig'),
    bool('embed-certs', 'Embed client cert/key for the user entry in kubeconfig'),
    text('password', 'password for the user entry in kubeconfig'),
    text('username', 'username for the user entry in kubeconfig'),
  ],
  async run(invocation) {
    const { config, args, flags, process, configPath } = invocation;
    const [name] = args;
    if (name === undefined || args.length !== 1)
      throw usageError(invocation.path, `Unexpected args: [${args.join(' ')}]`);
    if (flags.text('token') !== '' && (flags.text('username') !== '' || flags.text('password') !== ''))
      throw new CommandError(
        'you cannot specify more than one authentication method at the same time: --token, --username/--password',
      );
    const old = config.users.find((one) => one.name === name);
    const user = { ...old?.user, ...changes(invocation) };
    const users = [...config.users.filter((one) => one !== old), { name, user }];
    writeKubeconfig(process, configPath, { ...config, users });
    await invocation.out(`User ${JSON.stringify(name)} set.\n`);
  },
};

function changes(invocation: Invocation): AuthInfo {
  const { flags } = invocation;
  const token = flags.text('token');
  const embeds = flags.bool('embed-certs');
  const file = (flag: 'client-certificate' | 'client-key') => {
    const path = flags.text(flag);
    if (path === '') return {};
    const absolute = resolvePath(invocation.process.workingDirectory, path);
    return embeds
      ? { [`${flag}-data`]: encodeBase64(readFile(invocation, absolute, flag)) }
      : { [flag]: absolute };
  };
  return {
    ...file('client-certificate'),
    ...file('client-key'),
    ...(token !== '' && { token }),
    ...(flags.text('username') !== '' && { username: flags.text('username') }),
    ...(flags.text('password') !== '' && { password: flags.text('password') }),
  };
}

function readFile({ process }: Invocation, path: string, flag: string): string {
  try {
    return process.files.read(path);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    throw new CommandError(`could not stat ${flag} file ${path}: stat ${path}: no such file or directory`);
  }
}

export const deleteUser: Command = {
  name: 'delete-user',
  summary: 'Delete the specified user from the kubeconfig',
  usage: 'config delete-user NAME',
  async run(invocation) {
    const { config, args, process, configPath } = invocation;
    const [name] = args;
    if (name === undefined || args.length !== 1)
      throw usageError(invocation.path, 'user to delete is required');
    if (!config.users.some((one) => one.name === name))
      throw new CommandError(`cannot delete user ${name}, not in ${configPath}`);
    writeKubeconfig(process, configPath, {
      ...config,
      users: config.users.filter((one) => one.name !== name),
    });
    await invocation.out(`deleted user ${name} from ${configPath}\n`);
  },
};
