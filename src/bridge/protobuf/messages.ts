import table from './messages.json' with { type: 'json' };
import later from './laterMessages.json' with { type: 'json' };
import { badRequest } from '#kubernetes/apimachinery/statusError.ts';

/** One field of a message: its JSON name, and the scalar or message that it holds once, in a list or in a map. */
export interface FieldOf {
  readonly name: string;
  readonly type: string;
  readonly in: 'one' | 'list' | 'map';
}

/**
 * `1 name string, 2 labels {}string, 3 ports []core.v1.ContainerPort`, by message. A type that begins with a dot is of
 * the package of the message that was asked for.
 */
const texts: Readonly<Record<string, string>> = table;
/** Fields that are younger than the kubectl of which the table was made. */
const laterTexts: Readonly<Record<string, string>> = later;

const known = new Map<string, ReadonlyMap<number, FieldOf>>();

/** A message's fields by number. */
export function messageFields(name: string): ReadonlyMap<number, FieldOf> {
  let fields = known.get(name);
  if (fields === undefined) {
    const text = textOf(name);
    const ownPackage = name.slice(0, name.lastIndexOf('.'));
    fields = new Map(text === '' ? [] : text.split(', ').map((entry) => readField(entry, ownPackage)));
    known.set(name, fields);
  }
  return fields;
}

/** A version that says nothing new beside its group's v1 is written down there; resource/v1 once was v1beta2. */
function nameIn(from: Readonly<Record<string, string>>, name: string): string | undefined {
  const v1 = name.replace(/\.v\d+(?:alpha|beta)\d+\./, '.v1.');
  return [name, v1, name.replace(/^resource\.v1\./, 'resource.v1beta2.')].find((one) => one in from);
}

function textOf(name: string): string {
  const own = nameIn(texts, name);
  // What is new in v1 is not new in a beta that has a text of its own.
  const added = own === name ? name : nameIn(laterTexts, name);
  return [own && texts[own], laterTexts[name] ?? (added && laterTexts[added])].filter(Boolean).join(', ');
}

function readField(text: string, ownPackage: string): [number, FieldOf] {
  const [number = '', name = '', marked = ''] = text.split(' ');
  const shape = marked.startsWith('[]') ? 'list' : marked.startsWith('{}') ? 'map' : 'one';
  const written = shape === 'one' ? marked : marked.slice(2);
  const type = written.startsWith('.') ? ownPackage + written : written;
  return [Number(number), { name, type, in: shape }];
}

/** Groups whose package is not the first word of their name. */
const packages: Readonly<Record<string, string>> = {
  '': 'core',
  'internal.apiserver.k8s.io': 'apiserverinternal',
};

/** The message of a kind; what all groups share (DeleteOptions, Status …) is in meta/v1. */
export function messageOf(apiVersion: string, kind: string): string {
  const at = apiVersion.lastIndexOf('/');
  const group = at < 0 ? '' : apiVersion.slice(0, at);
  const own = `${packages[group] ?? group.split('.')[0]}.${apiVersion.slice(at + 1)}.${kind}`;
  for (const name of [own, `meta.v1.${kind}`])
    if (nameIn(texts, name) !== undefined || nameIn(laterTexts, name) !== undefined) return name;
  throw badRequest(
    `no kind "${kind}" is registered for version "${apiVersion}" in scheme "pkg/api/legacyscheme/scheme.go:30"`,
  );
}
