// Upstream: kubectl/pkg/cmd/config/{set,unset,set_cluster,navigation_step_parser}.go
import { decodeBase64, encodeBase64 } from '#kubernetes/api/base64.ts';
import { FileError, resolvePath } from '#world/machine/fileSystem.ts';
import type { Command } from '../command.ts';
import { CommandError } from '../errors.ts';
import { bool, text } from '../flags.ts';
import { commandHelp } from '../help.ts';
import type { Invocation } from '../invocation.ts';
import { type Kubeconfig, writeKubeconfig } from '../kubeconfig.ts';

type Fields = Readonly<Record<string, unknown>>;

interface Entry {
  readonly name: string;
  readonly fields: Fields;
}

interface Section {
  /** What holds the fields of an entry: `context`. */
  readonly holder: string;
  /** The internal Go type that sentences name. */
  readonly type: string;
  /** Fields that are written even when they are empty. */
  readonly always: readonly string[];
  readonly fields: Readonly<Record<string, 'text' | 'flag' | 'bytes'>>;
}

const sections: Readonly<Record<string, Section>> = {
  clusters: {
    holder: 'cluster',
    type: 'api.Cluster',
    always: ['server'],
    fields: {
      server: 'text',
      'tls-server-name': 'text',
      'insecure-skip-tls-verify': 'flag',
      'certificate-authority': 'text',
      'certificate-authority-data': 'bytes',
      'proxy-url': 'text',
      'disable-compression': 'flag',
    },
  },
  contexts: {
    holder: 'context',
    type: 'api.Context',
    always: ['cluster', 'user'],
    fields: { cluster: 'text', user: 'text', namespace: 'text' },
  },
  users: {
    holder: 'user',
    type: 'api.AuthInfo',
    always: [],
    fields: {
      'client-certificate': 'text',
      'client-certificate-data': 'bytes',
      'client-key': 'text',
      'client-key-data': 'bytes',
      token: 'text',
      tokenFile: 'text',
      username: 'text',
      password: 'text',
    },
  },
};

/** What a property's name leads to. */
interface Property {
  readonly section: string;
  readonly name: string;
  /** Undefined for the whole entry. */
  readonly field: string | undefined;
}

/** Reads `users.bob.token`; a name that is there may have dots. Null for the current context. Throws CommandError. */
function readProperty(config: Kubeconfig, path: string): Property | null {
  if (path === 'current-context') return null;
  const [section = '', ...rest] = path.split('.');
  const known = sections[section];
  if (known === undefined || rest.length === 0)
    throw new CommandError(`unable to parse ${path} after [] at api.Config`);
  const tail = rest.join('.');
  const named = entriesOf(config, section)
    .map((entry) => entry.name)
    .filter((name) => tail === name || tail.startsWith(`${name}.`))
    .sort((a, b) => b.length - a.length)[0];
  const name = named ?? rest[0]!;
  const field = tail.length > name.length ? tail.slice(name.length + 1) : undefined;
  if (field !== undefined && known.fields[field] === undefined)
    throw new CommandError(
      `unable to parse ${field} after [{${section} map[string]*${known.type}} {${name} ${known.type}}] at ${known.type}`,
    );
  return { section, name, field };
}

function entriesOf(config: Kubeconfig, section: string): readonly Entry[] {
  const list = config[section as 'users'] as unknown as readonly Fields[];
  const { holder } = sections[section]!;
  return list.map((entry) => ({
    name: String(entry['name']),
    fields: (entry[holder] ?? {}) as Fields,
  }));
}

/** The configuration with an entry in place of the one of its name; null takes it out. */
function withEntry(config: Kubeconfig, section: string, name: string, fields: Fields | null): Kubeconfig {
  const { holder, always } = sections[section]!;
  const others = entriesOf(config, section).filter((entry) => entry.name !== name);
  const empty = Object.fromEntries(always.map((field) => [field, '']));
  const all = fields === null ? others : [...others, { name, fields: { ...empty, ...fields } }];
  all.sort((a, b) => (a.name < b.name ? -1 : 1));
  return { ...config, [section]: all.map((entry) => ({ [holder]: entry.fields, name: entry.name })) };
}

function fieldsOf(config: Kubeconfig, { section, name }: Property): Fields | undefined {
  return entriesOf(config, section).find((entry) => entry.name === name)?.fields;
}

/** The value of a property as the file has it. Throws CommandError. */
function valueOf(kind: 'text' | 'flag' | 'bytes', value: string, raw: boolean): unknown {
  if (kind === 'text') return value;
  if (kind === 'flag') {
    if (/^(1|t|T|TRUE|true|True)$/.test(value)) return true;
    if (/^(0|f|F|FALSE|false|False)$/.test(value)) return false;
    throw new CommandError(`strconv.ParseBool: parsing ${JSON.stringify(value)}: invalid syntax`);
  }
  if (raw) return encodeBase64(value);
  if (decodeBase64(value) === undefined)
    throw new CommandError('error decoding input value: illegal base64 data at input byte 0');
  return value;
}

async function checkCount(
  command: Command,
  { args, path, process }: Invocation,
  count: number,
): Promise<void> {
  if (args.length === count) return;
  await process.stdout.write(commandHelp(command, path));
  throw new CommandError(`Unexpected args: [${args.join(' ')}]`);
}

function save({ process, configPath }: Invocation, config: Kubeconfig): void {
  writeKubeconfig(process, configPath, config);
}

const names =
  'PROPERTY_NAME is a dot delimited name where each token represents either an attribute name or a map key.  Map keys may not contain dots.';

export const setValue: Command = {
  name: 'set',
  summary: 'Set an individual value in a kubeconfig file',
  long: `Set an individual value in a kubeconfig file.\n\n ${names}\n\n PROPERTY_VALUE is the new value you want to set. Binary fields such as 'certificate-authority-data' expect a base64 encoded string unless the --set-raw-bytes flag is used.\n\n Specifying an attribute name that already exists will merge new fields on top of existing values.`,
  examples: [
    [
      'Set the server field on the my-cluster cluster to https://1.2.3.4',
      'kubectl config set clusters.my-cluster.server https://1.2.3.4',
    ],
    [
      'Set the cluster field in the my-context context to my-cluster',
      'kubectl config set contexts.my-context.cluster my-cluster',
    ],
  ],
  usage: 'config set PROPERTY_NAME PROPERTY_VALUE',
  flags: [
    bool(
      'set-raw-bytes',
      'When writing a []byte PROPERTY_VALUE, write the given string directly without base64 decoding.',
    ),
  ],
  async run(invocation) {
    await checkCount(setValue, invocation, 2);
    const { config, args, flags } = invocation;
    const [path = '', value = ''] = args;
    const property = readProperty(config, path);
    if (property === null) save(invocation, { ...config, 'current-context': value });
    else {
      const { section, name, field } = property;
      if (field === undefined) throw new CommandError(`can't set a map to a value: ${value}`);
      const kind = sections[section]!.fields[field]!;
      const fields = {
        ...fieldsOf(config, property),
        [field]: valueOf(kind, value, flags.bool('set-raw-bytes')),
      };
      save(invocation, withEntry(config, section, name, fields));
    }
    await invocation.out(`Property ${JSON.stringify(path)} set.\n`);
  },
};

export const unsetValue: Command = {
  name: 'unset',
  summary: 'Unset an individual value in a kubeconfig file',
  long: `Unset an individual value in a kubeconfig file.\n\n ${names}`,
  examples: [
    ['Unset the current-context', 'kubectl config unset current-context'],
    ['Unset namespace in foo context', 'kubectl config unset contexts.foo.namespace'],
  ],
  usage: 'config unset PROPERTY_NAME',
  async run(invocation) {
    await checkCount(unsetValue, invocation, 1);
    const { config } = invocation;
    const [path = ''] = invocation.args;
    const property = readProperty(config, path);
    if (property === null) save(invocation, { ...config, 'current-context': '' });
    else {
      const { section, name, field } = property;
      const fields = fieldsOf(config, property);
      if (field === undefined) save(invocation, withEntry(config, section, name, null));
      else if (fields === undefined) throw new CommandError(`current map key \`${name}\` is invalid`);
      else {
        const { [field]: _, ...rest } = fields;
        save(invocation, withEntry(config, section, name, rest));
      }
    }
    await invocation.out(`Property ${JSON.stringify(path)} unset.\n`);
  },
};

const clusterTexts = ['server', 'tls-server-name', 'proxy-url'] as const;

export const setCluster: Command = {
  name: 'set-cluster',
  summary: 'Set a cluster entry in kubeconfig',
  long: 'Set a cluster entry in kubeconfig.\n\n Specifying a name that already exists will merge new fields on top of existing values for those fields.',
  examples: [
    [
      'Set only the server field on the e2e cluster entry without touching other values',
      'kubectl config set-cluster e2e --server=https://1.2.3.4',
    ],
    [
      'Disable cert checking for the e2e cluster entry',
      'kubectl config set-cluster e2e --insecure-skip-tls-verify=true',
    ],
  ],
  usage:
    'config set-cluster NAME [--server=server] [--certificate-authority=path/to/certificate/authority] [--insecure-skip-tls-verify=true] [--tls-server-name=example.com]',
  flags: [
    text('certificate-authority', 'Path to certificate-authority file for the cluster entry in kubeconfig'),
    bool('embed-certs', 'embed-certs for the cluster entry in kubeconfig'),
    text('proxy-url', 'proxy-url for the cluster entry in kubeconfig'),
    text('tls-server-name', 'tls-server-name for the cluster entry in kubeconfig'),
  ],
  async run(invocation) {
    await checkCount(setCluster, invocation, 1);
    const { config, flags, args } = invocation;
    const [name = ''] = args;
    const old = fieldsOf(config, { section: 'clusters', name, field: undefined });
    const texts = clusterTexts.filter((flag) => flags.changed(flag)).map((flag) => [flag, flags.text(flag)]);
    const fields = {
      ...old,
      ...(Object.fromEntries(texts) as Fields),
      ...(flags.changed('insecure-skip-tls-verify') && {
        'insecure-skip-tls-verify': flags.bool('insecure-skip-tls-verify'),
      }),
      ...authority(invocation),
    };
    save(invocation, withEntry(config, 'clusters', name, fields));
    await invocation.out(`Cluster ${JSON.stringify(name)} set.\n`);
  },
};

function authority({ flags, process }: Invocation): Fields {
  const given = flags.text('certificate-authority');
  if (given === '') return {};
  const path = resolvePath(process.workingDirectory, given);
  if (!flags.bool('embed-certs')) return { 'certificate-authority': path };
  try {
    return { 'certificate-authority-data': encodeBase64(process.files.read(path)) };
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    throw new CommandError(
      `could not stat certificate-authority file ${given}: stat ${given}: no such file or directory`,
    );
  }
}
