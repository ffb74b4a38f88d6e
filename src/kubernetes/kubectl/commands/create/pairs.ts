// Upstream: kubectl/pkg/util/{util,env_file}.go, as `create configmap` and `create secret generic` use them
import { checkConfigMapKey } from '#kubernetes/apimachinery/names.ts';
import { FileError, resolvePath } from '#world/machine/fileSystem.ts';
import { CommandError } from '../../errors.ts';
import { array } from '../../flags.ts';
import type { Invocation } from '../../invocation.ts';

export const literalFlags = [
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
    throw new CommandError("key names or file paths cannot contain '='");
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

function envPairs(invocation: Invocation, path: string): [string, string][] {
  return readFile(invocation, path)
    .split('\n')
    .map((line) => line.replace(/^\s+/, '').replace(/\r$/, ''))
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const at = line.indexOf('=');
      if (at < 0) return [line, invocation.process.environment.get(line) ?? ''];
      return [line.slice(0, at), line.slice(at + 1)];
    });
}
