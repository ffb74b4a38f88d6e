// Upstream: sigs.k8s.io/yaml/goyaml.v2/decode.go setMapIndex, with UnmarshalStrict
import { type Event, EVENT_ID, getScalarValue, parseEvents, SCALAR_STYLE } from 'js-yaml';

/** `line 11: key "foo" already set in map` for each key that a mapping of the document has twice; lines count from 1. */
export function yamlDuplicates(text: string): readonly string[] {
  return new Duplicates(text).find();
}

/** What go-yaml's strict reader makes of them; the empty text without any. */
export function strictYamlError(duplicates: readonly string[]): string {
  return duplicates.length === 0 ? '' : `yaml: unmarshal errors:\n  ${duplicates.join('\n  ')}`;
}

class Duplicates {
  readonly #text: string;
  readonly #events: readonly Event[];
  readonly #found: string[] = [];
  /** The index of the event that is looked at, and how many lines begin before `#lineAt`. */
  #at = 1;
  #lineAt = 0;
  #line = 1;

  constructor(text: string) {
    this.#text = text;
    this.#events = parseEvents(text, {});
  }

  find(): readonly string[] {
    if (this.#events.length > 1) this.#node();
    return this.#found;
  }

  /** One value with all that is in it. A mapping's key counts as there once its value has been read. */
  #node(): void {
    const event = this.#events[this.#at++];
    if (event?.type === EVENT_ID.SEQUENCE) {
      while (!this.#ends()) this.#node();
    } else if (event?.type === EVENT_ID.MAPPING) {
      const keys = new Set<string>();
      while (!this.#ends()) this.#pair(keys);
    }
  }

  #pair(keys: Set<string>): void {
    const key = this.#events[this.#at];
    const name = key?.type === EVENT_ID.SCALAR ? getScalarValue(this.#text, key) : undefined;
    this.#node();
    const line = this.#lineOf(this.#events[this.#at], key);
    this.#node();
    if (name === undefined || name === '<<') return;
    if (keys.has(name)) this.#found.push(`line ${line}: key ${JSON.stringify(name)} already set in map`);
    keys.add(name);
  }

  #ends(): boolean {
    const event = this.#events[this.#at];
    if (event === undefined) return true;
    if (event.type !== EVENT_ID.POP) return false;
    this.#at++;
    return true;
  }

  /** The line where a value begins: a block scalar's with its `|`, which stands beside its key. */
  #lineOf(value: Event | undefined, key: Event | undefined): number {
    const isBlock =
      value?.type === EVENT_ID.SCALAR &&
      (value.style === SCALAR_STYLE.LITERAL_BLOCK || value.style === SCALAR_STYLE.FOLDED_BLOCK);
    const position = startOf(isBlock ? key : value) ?? startOf(key) ?? 0;
    for (; this.#lineAt < position; this.#lineAt++) if (this.#text[this.#lineAt] === '\n') this.#line++;
    return this.#line;
  }
}

function startOf(event: Event | undefined): number | undefined {
  if (event?.type === EVENT_ID.ALIAS) return event.anchorStart;
  if (event?.type === EVENT_ID.SCALAR) return event.valueStart < 0 ? undefined : event.valueStart;
  return event?.type === EVENT_ID.MAPPING || event?.type === EVENT_ID.SEQUENCE ? event.start : undefined;
}
