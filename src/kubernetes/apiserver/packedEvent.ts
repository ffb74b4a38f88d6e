import type { Event } from '#generated/types/core.v1.ts';
import type { KubeObject } from '#kubernetes/api/object.ts';
import { formatTime } from '#kubernetes/apimachinery/time.ts';
import { Packed, type Version } from '#kubernetes/etcd/version.ts';
import { type Cause, type Moment, restoredCause, startOfSecond } from '#sim/cause.ts';
import { packUid, unpackUid } from './uid.ts';

/** What Events of many objects have in common. Undefined stands for what differs from Event to Event. */
interface Common {
  readonly type: string | undefined;
  readonly reason: string | undefined;
  /** All of it, or what stands before the name of the involved object where that is in it. */
  readonly message: string | undefined;
  readonly kind: string | undefined;
  readonly apiVersion: string | undefined;
  readonly fieldPath: string | undefined;
  readonly isNamespaced: boolean;
}

/** Ends of messages, such as ` to node-1`, that are shared; past so many the table starts anew. */
const endsMax = 8192;
const ends = new Map<string, string>();

/** So many messages are shared for each reason; more than that are taken to differ from Event to Event. */
const messagesPerReason = 8;
/** Who writes Events: a user, and the source that it names. */
interface Author {
  readonly actor: string;
  readonly source: Event['source'];
}

/** Past so many entries the table of authors starts anew. */
const authorsMax = 8192;
const authors = new Map<string, Author>();

/** Common parts that are shared for each reason; the oldest goes. */
const sharedPerReason = 32;
const shared = new Map<string, Common[]>();

/** The fields of an Event as the recorders write it, in their order; one with others is kept as it is. */
const eventFields = [
  'apiVersion',
  'kind',
  'metadata',
  'involvedObject',
  'reason',
  'message',
  'source',
  'firstTimestamp',
  'lastTimestamp',
  'count',
  'type',
  'reportingComponent',
  'reportingInstance',
];
const metadataFields = ['name', 'namespace', 'uid', 'creationTimestamp', 'resourceVersion'];
const involvedFields = ['kind', 'apiVersion', 'namespace', 'name', 'uid', 'resourceVersion', 'fieldPath'];

/**
 * An Event that happened once, at rest. Most objects of a large cluster are such Events, nobody's cache holds them,
 * and most of what they say others say too.
 */
export class PackedEvent extends Packed<KubeObject> {
  readonly #common: Common;
  readonly #author: Author;
  readonly #uid: string;
  readonly #involvedUid: string | undefined;
  readonly #involvedRevision: number;
  readonly #second: number;
  readonly #rest: number;
  /** The message where it is this Event's own, or what stands in it after the name of the involved object. */
  readonly #message: string | undefined;

  private constructor(event: Event, cause: Cause, uid: string) {
    super();
    const { involvedObject, message = '', source } = event;
    const { second, rest } = cause.moment;
    const { name = '' } = involvedObject;
    const at = message.indexOf(name);
    this.#common = commonOf(event, at < 0 ? message : message.slice(0, at));
    this.#author = authorOf(cause.actor, source);
    this.#uid = uid;
    this.#involvedUid = involvedObject.uid;
    this.#involvedRevision = Number(involvedObject.resourceVersion);
    this.#second = second;
    this.#rest = rest;
    if (this.#common.message === undefined) this.#message = message;
    else this.#message = at < 0 ? undefined : sharedEnd(message.slice(at + name.length));
  }

  /** Undefined for an Event that could not be read back as it is. */
  static of(object: KubeObject, cause: Cause): PackedEvent | undefined {
    const event = object as Event;
    const { metadata, involvedObject } = event;
    const isUsual =
      hasFields(event, eventFields) &&
      hasFields(metadata, metadataFields) &&
      hasFields(involvedObject, involvedFields) &&
      isFirst(event, cause) &&
      isNamedAfter(metadata.name, involvedObject.name) &&
      (involvedObject.namespace ?? metadata.namespace) === metadata.namespace &&
      String(Number(involvedObject.resourceVersion)) === involvedObject.resourceVersion;
    const uid = isUsual ? packUid(metadata.uid) : undefined;
    return uid === undefined ? undefined : new PackedEvent(event, cause, uid);
  }

  unpack({ name, modRevision, directory: { prefix } }: Version<KubeObject>): Event {
    const { type, reason, kind, apiVersion, fieldPath, isNamespaced } = this.#common;
    const namespace = prefix.slice(prefix.lastIndexOf('/', prefix.length - 2) + 1, -1);
    const { source } = this.#author;
    const at = formatTime(startOfSecond(momentOf(this.#second, this.#rest)));
    const involvedName = name.slice(0, name.lastIndexOf('.'));
    const involvedObject = {
      kind,
      apiVersion,
      ...(isNamespaced && { namespace }),
      name: involvedName,
      uid: this.#involvedUid,
      resourceVersion: String(this.#involvedRevision),
      ...(fieldPath !== undefined && { fieldPath }),
    };
    return {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: {
        name,
        namespace,
        uid: unpackUid(this.#uid),
        creationTimestamp: at,
        resourceVersion: String(modRevision),
      },
      involvedObject,
      reason,
      message: messageOf(this.#common.message, involvedName, this.#message),
      source,
      firstTimestamp: at,
      lastTimestamp: at,
      count: 1,
      type,
      reportingComponent: source?.component,
      reportingInstance: source?.host ?? '',
    };
  }

  cause(parent: Cause | null, { name, modRevision, directory }: Version<KubeObject>): Cause {
    const written = { scope: directory.prefix, name, revision: modRevision };
    const moment = momentOf(this.#second, this.#rest);
    return restoredCause(parent, this.#author.actor, 'create', moment, written);
  }
}

// Not a method: a private one costs every instance a field.
function momentOf(second: number, rest: number): Moment {
  return { second, rest };
}

function messageOf(common: string | undefined, name: string, own: string | undefined): string | undefined {
  if (common === undefined || own === undefined) return common ?? own;
  return common + name + own;
}

function sharedEnd(end: string): string {
  const known = ends.get(end);
  if (known !== undefined) return known;
  if (ends.size >= endsMax) ends.clear();
  ends.set(end, end);
  return end;
}

/** Whether an object's fields are these, in this order; some may be absent. */
function hasFields(object: object, fields: readonly string[]): boolean {
  let at = 0;
  for (const field in object) {
    while (at < fields.length && fields[at] !== field) at++;
    if (at++ === fields.length) return false;
  }
  return true;
}

function isFirst(event: Event, cause: Cause): boolean {
  const { metadata, source, message, count, firstTimestamp, lastTimestamp } = event;
  return (
    cause.action === 'create' &&
    cause.revision === Number(metadata.resourceVersion) &&
    count === 1 &&
    message !== undefined &&
    firstTimestamp === metadata.creationTimestamp &&
    firstTimestamp === formatTime(cause.atMs) &&
    lastTimestamp === firstTimestamp &&
    event.reportingComponent === source?.component &&
    event.reportingInstance === (source?.host ?? '')
  );
}

function isNamedAfter(name: string, involved: string | undefined): boolean {
  return involved !== undefined && name.lastIndexOf('.') === involved.length && name.startsWith(involved);
}

function authorOf(actor: string, source: Event['source']): Author {
  const known = authors.get(actor);
  if (known !== undefined && known.source === source) return known;
  if (authors.size >= authorsMax) authors.clear();
  const author = { actor, source };
  authors.set(actor, author);
  return author;
}

function commonOf(event: Event, message: string | undefined): Common {
  const { type, reason = '', involvedObject } = event;
  const { kind, apiVersion, fieldPath, namespace } = involvedObject;
  const isNamespaced = namespace !== undefined;
  let known = shared.get(reason);
  if (known === undefined) {
    known = [];
    shared.set(reason, known);
  }
  for (const common of known) {
    if (
      common.message === message &&
      common.fieldPath === fieldPath &&
      common.kind === kind &&
      common.type === type &&
      common.apiVersion === apiVersion &&
      common.isNamespaced === isNamespaced
    )
      return common;
  }
  if (message !== undefined && known.length >= messagesPerReason) return commonOf(event, undefined);
  const common = { type, reason, message, kind, apiVersion, fieldPath, isNamespaced };
  known.push(common);
  if (known.length > sharedPerReason) known.shift();
  return common;
}
