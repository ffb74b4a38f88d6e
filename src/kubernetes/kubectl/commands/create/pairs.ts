// Upstream: kubectl/pkg/util/{util,env_file}.go, as `create configmap` and `create secret generic` use them
import { checkConfigMapKey } from '#kubernetes/apimachinery/names.ts';
import { FileError, resolvePath } from '#world/machine/fileSystem.ts';
import { CommandError } from '../../errors.ts';
import { array } from '../../flags.ts';
import type { Invocation } from '../../invocation.ts';
import { appendHashFlag } from './nameHash.ts';

export const literalFlags = [
  appendHashFlag,
  array('from-env-file', 'Specify the path to a file to read lines of key=val pairs.'),
  array(
    'from-file',
    'Key file can be specified using its file path, in which case file basename will be used as key.',
  ),
  array('from-literal', 'Specify a key and literal value to insert (i.e. mykey=somevalue)'),
];

/** The keys and values that the flags name; `onDuplicate` throws for a key that comes twice. */
export function readPairs(
  invocation: Invocation,
  onDuplicate: (key: string) => void,
): Record<string, string> {
  const { flags } = invocation;
  const files = flags.list('from-file');
  const literals = flags.list('from-literal');
  const envFiles = flags.list('from-env-file');
  if (envFiles.length > 0 && (files.length > 0 || literals.length > 0)) {
    throw new CommandError('from-env-file cannot be combined with from-file or from-literal');
  }
  const pairs: Record<string, string> = {};
  const add = (key: string, value: string) => {
    const wrong = checkConfigMapKey(key);
    if (wrong.length > 0)
      throw new CommandError(
        `${JSON.stringify(key)} is not a valid key name for a ConfigMap: ${wrong.join(',')}`,
      );
    if (key in pairs) onDuplicate(key);
    pairs[key] = value;
  };
  for (const file of files) for (const [key, value] of filePairs(invocation, file)) add(key, value);
  for (const literal of literals) {
    const at = literal.indexOf('=');
    if (at <= 0) throw new CommandError(`invalid literal source ${literal}, expected key=value`);
    add(literal.slice(0, at), literal.slice(at + 1).replace(/^(['"])(.*)\1$/s, '$2'));
  }
  for (const file of envFiles) for (const [key, value] of envPairs(invocation, file)) add(key, value);
  return pairs;
}

export function readFile({ process }: Invocation, path: string): string {
  try {
    return process.files.read(resolvePath(process.workingDirectory, path));
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    throw new CommandError(`error reading ${path}: ${error.message.toLowerCase()}`);
  }
}

/** `path`, `key=path`, or a directory, whose files become keys. */
function filePairs(invocation: Invocation, source: string): [string, string][] {
  const at = source.indexOf('=');
  const path = source.slice(at + 1);
  if (at === 0 || path === '' || path.includes('=')) {
    const separators = source.split('=').length - 1;
    if (separators > 1) throw new CommandError("key names or file paths cannot contain '='");
    throw new CommandError(
      at === 0
        ? `key name for file path ${path} missing`
        : `file path for key name ${source.slice(0, -1)} missing`,
    );
  }
  const { files, workingDirectory } = invocation.process;
  const absolute = resolvePath(workingDirectory, path);
  const status = files.status(absolute);
  if (status === null) throw new CommandError(`error reading ${path}: no such file or directory`);
  if (status.type === 'directory') {
    if (at > 0) throw new CommandError('cannot give a key name for a directory path');
    return files
      .list(absolute)
      .filter(
        (name) =>
          files.status(`${absolute}/${name}`)?.type === 'file' && checkConfigMapKey(name).length === 0,
      )
      .map((name) => [name, files.read(`${absolute}/${name}`)]);
  }
  return [
    [at > 0 ? source.slice(0, at) : absolute.slice(absolute.lastIndexOf('/') + 1), files.read(absolute)],
  ];
}

/** Upstream: apimachinery/pkg/util/validation IsEnvVarName, which files still go by. */
function checkEnvVarName(name: string): string {
  if (/^[-._a-zA-Z][-._a-zA-Z0-9]*$/.test(name)) return '';
  return "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit (e.g. 'my.env-name',  or 'MY_ENV.NAME',  or 'MyEnvName1', regex used for validation is '[-._a-zA-Z][-._a-zA-Z0-9]*')";
}

function envPairs(invocation: Invocation, path: string): [string, string][] {
  return readFile(invocation, path)
    .split('\n')
    .map((line) => line.replace(/^\s+/, '').replace(/\r$/, ''))
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const at = line.indexOf('=');
      const wrong = checkEnvVarName(at < 0 ? line : line.slice(0, at));
      if (wrong !== '')
        throw new CommandError(
          `${JSON.stringify(at < 0 ? line : line.slice(0, at))} is not a valid key name: ${wrong}`,
        );
      if (at < 0) return [line, invocation.process.environment.get(line) ?? ''];
      return [line.slice(0, at), line.slice(at + 1)];
    });
}
