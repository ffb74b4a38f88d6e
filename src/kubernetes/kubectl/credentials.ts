// Upstream: client-go/tools/clientcmd/client_config.go, client-go/transport
import { decodeBase64 } from '#kubernetes/api/base64.ts';
import type { Credentials, Impersonation } from '#kubernetes/api/request.ts';
import { FileError, resolvePath } from '#world/machine/fileSystem.ts';
import type { Process } from '#world/machine/program.ts';
import { CommandError } from './errors.ts';
import type { Flags } from './flags.ts';
import type { AuthInfo, Kubeconfig } from './kubeconfig.ts';

/** What kubectl shows of the user that the command line or the context names; undefined for a context without one. */
export function credentialsOf(
  process: Process,
  flags: Flags,
  config: Kubeconfig,
  configPath: string,
): Credentials | undefined {
  const user = authInfoOf(flags, config);
  const token = flags.text('token') || user?.info.token || readToken(process, user?.info);
  if (user === undefined) return token === undefined ? undefined : { token };
  const certificate = certificateOf(process, user.name, user.info, configPath);
  return { ...(certificate !== undefined && { certificate }), ...(token !== undefined && { token }) };
}

function authInfoOf(
  flags: Flags,
  { users, contexts, ...config }: Kubeconfig,
): { readonly name: string; readonly info: AuthInfo } | undefined {
  const current = flags.text('context') || config['current-context'];
  const context = contexts.find((one) => one.name === current)?.context;
  // `create rolebinding --user` says whom to bind, and not who asks.
  const asked = flags.typeOf('user') === 'string' ? flags.text('user') : '';
  const name = asked || context?.user;
  if (!name) return undefined;
  const found = users.find((one) => one.name === name);
  if (found !== undefined) return { name, info: found.user };
  if (asked !== '') throw new CommandError(`auth info ${JSON.stringify(name)} does not exist`);
  return { name, info: {} };
}

function readToken(process: Process, info: AuthInfo | undefined): string | undefined {
  if (!info?.tokenFile) return undefined;
  try {
    return process.files.read(resolvePath(process.workingDirectory, info.tokenFile)).trim();
  } catch (error) {
    if (error instanceof FileError) return undefined;
    throw error;
  }
}

function certificateOf(
  process: Process,
  name: string,
  info: AuthInfo,
  configPath: string,
): string | undefined {
  const data = info['client-certificate-data'];
  if (data !== undefined) return String.fromCharCode(...(decodeBase64(data) ?? []));
  const file = info['client-certificate'];
  if (file === undefined) return undefined;
  const path = resolvePath(configPath.slice(0, configPath.lastIndexOf('/')) || '/', file);
  try {
    return process.files.read(path);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    throw new CommandError(
      `unable to read client-cert ${path} for ${name} due to open ${path}: no such file or directory`,
    );
  }
}

/** `--as`, `--as-group` and `--as-uid`. */
export function impersonationOf(flags: Flags, config: Kubeconfig): Impersonation | undefined {
  const user = flags.text('as');
  const groups = flags.list('as-group');
  const uid = flags.text('as-uid');
  if (user === '') {
    if (groups.length === 0 && uid === '') return undefined;
    const name = authInfoOf(flags, config)?.name ?? '';
    throw new CommandError(`requesting uid, groups or user-extra for ${name} without impersonating a user`);
  }
  return { user, groups, ...(uid !== '' && { uid }) };
}
