import { deflateSync, inflateSync, strFromU8, strToU8 } from 'fflate';
import { type Input, type Recipe, slownessMax, type StampedInput } from './recipe.ts';
import { isRemoteRequest, isStreamAct } from './remoteRequest.ts';

/** The format's version, the first thing in a link. A change that old pages cannot read raises it. */
const formatVersion = 2;
/** Links beyond this break in chat programs and some browsers; a longer session is offered as a file. */
export const linkLengthMax = 8_000;
/** What a link may unfold to. It holds a stranger's text: a small link must not fill the memory. */
export const recipeBytesMax = 4 * 1024 * 1024;
export const inputsMax = 20_000;

export type ReadLink =
  | { readonly type: 'recipe'; readonly recipe: Recipe }
  /** `message` says what happened and what to do. */
  | { readonly type: 'unreadable'; readonly message: string };

/** The recipe as the text of a URL fragment, without the `#`. */
export function writeShareLink(recipe: Recipe): string {
  const packed = deflateSync(strToU8(JSON.stringify(pack(recipe))), { level: 9 });
  return `v${formatVersion}.${toBase64Url(packed)}`;
}

/** Reads a fragment that `writeShareLink` wrote; anything else gets a message that a person can act on. */
export function readShareLink(fragment: string): ReadLink {
  const match = /^#?v(\d+)\.([\w-]+)$/.exec(fragment);
  if (match === null) {
    return unreadable('This link is broken: part of it is missing. Ask for it again, and copy all of it.');
  }
  if (Number(match[1]) < formatVersion) {
    return unreadable(
      'This link was made by an older Podarium and cannot be replayed by this one. Ask for a new one.',
    );
  }
  if (Number(match[1]) > formatVersion) {
    return unreadable(
      'This link was made by a newer Podarium. Reload the page to get the newest one, then open the link again.',
    );
  }
  try {
    const bytes = inflateSync(fromBase64Url(match[2]!), { out: new Uint8Array(recipeBytesMax) });
    const recipe = unpack(JSON.parse(strFromU8(bytes)));
    if (recipe !== null) return { type: 'recipe', recipe };
  } catch {
    // Anything that goes wrong in here means one thing to the person who opened the link.
  }
  return unreadable('This link is broken: its content cannot be read. Ask for it again, and copy all of it.');
}

function unreadable(message: string): ReadLink {
  return { type: 'unreadable', message };
}

/**
 * The step between two numbers of ms since 1970 that a double can tell apart, until 2039. In these units times and
 * their differences are whole numbers, so that a link holds every stamp exactly: a replay that puts an input a quarter
 * of a microsecond beside its place is another session.
 */
const tickMs = 2 ** -12;

/** Short field names and time differences: what deflate cannot find by itself. */
function pack(recipe: Recipe): unknown {
  let atMs = 0;
  let afterEvent = 0;
  const inputs = recipe.inputs.map((entry) => {
    const row = [(entry.atMs - atMs) / tickMs, entry.afterEvent - afterEvent, entry.input];
    atMs = entry.atMs;
    afterEvent = entry.afterEvent;
    return row;
  });
  return { s: recipe.scenario, r: recipe.seed, i: inputs, ...(recipe.end && { e: recipe.end }) };
}

function unpack(value: unknown): Recipe | null {
  if (!isRecord(value)) return null;
  const { s, r, i, e } = value;
  if (typeof s !== 'string' || typeof r !== 'string' || !Array.isArray(i) || i.length > inputsMax)
    return null;
  const inputs: StampedInput[] = [];
  let atMs = 0;
  let afterEvent = 0;
  for (const row of i as unknown[]) {
    if (!Array.isArray(row) || typeof row[0] !== 'number' || typeof row[1] !== 'number') return null;
    if (row[0] < 0 || row[1] < 0 || !isInput(row[2])) return null;
    atMs += row[0] * tickMs;
    afterEvent += row[1];
    inputs.push({ atMs, afterEvent, input: row[2] });
  }
  if (e === undefined) return { scenario: s, seed: r, inputs };
  if (!isEnd(e)) return null;
  return { scenario: s, seed: r, inputs, end: e };
}

function isEnd(value: unknown): value is NonNullable<Recipe['end']> {
  return (
    isRecord(value) &&
    typeof value['atMs'] === 'number' &&
    typeof value['afterEvent'] === 'number' &&
    typeof value['hash'] === 'string' &&
    typeof value['build'] === 'string'
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const speeds: readonly unknown[] = [0, 1, 10, 60, 'max'];

/** True for an input of a known type whose fields have the right types: a stranger wrote it. */
export function isInput(value: unknown): value is Input {
  if (!isRecord(value)) return false;
  const { type } = value;
  switch (type) {
    case 'terminalInput':
      return typeof value['terminal'] === 'number' && typeof value['text'] === 'string';
    case 'terminalResize':
      return ['terminal', 'columns', 'rows'].every((field) => typeof value[field] === 'number');
    case 'interrupt':
      return typeof value['terminal'] === 'number';
    case 'writeFile':
      return typeof value['path'] === 'string' && typeof value['text'] === 'string';
    case 'speed':
      return speeds.includes(value['speed']);
    case 'step':
      return true;
    case 'fault':
      return isFault(value['fault']);
    case 'request':
      return typeof value['id'] === 'number' && isRemoteRequest(value['request']);
    case 'stream':
      return typeof value['id'] === 'number' && isStreamAct(value['act']);
    default:
      return false;
  }
}

function isFault(value: unknown): boolean {
  if (!isRecord(value)) return false;
  switch (value['type']) {
    case 'killPod':
      return typeof value['namespace'] === 'string' && typeof value['name'] === 'string';
    case 'stopNode':
    case 'startNode':
    case 'rebootNode':
    case 'partitionNode':
    case 'healNode':
      return typeof value['node'] === 'string';
    case 'slowNode': {
      const { node, factor } = value;
      return (
        typeof node === 'string' &&
        Number.isInteger(factor) &&
        Number(factor) >= 1 &&
        Number(factor) <= slownessMax
      );
    }
    case 'stopComponent':
    case 'startComponent':
      return (
        typeof value['component'] === 'string' &&
        (value['node'] === null || typeof value['node'] === 'string')
      );
    default:
      return false;
  }
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

function toBase64Url(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const word = (bytes[i]! << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    const letters = Math.min(4, bytes.length - i + 1);
    for (let k = 0; k < letters; k++) text += alphabet[(word >> (18 - 6 * k)) & 63]!;
  }
  return text;
}

function fromBase64Url(text: string): Uint8Array {
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  let at = 0;
  for (let i = 0; i < text.length; i += 4) {
    let word = 0;
    for (let k = 0; k < 4; k++)
      word = (word << 6) | (i + k < text.length ? alphabet.indexOf(text[i + k]!) : 0);
    for (let k = 0; k < 3 && at < bytes.length; k++) bytes[at++] = (word >> (16 - 8 * k)) & 255;
  }
  return bytes;
}
