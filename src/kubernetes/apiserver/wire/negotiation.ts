// Upstream: apiserver/pkg/endpoints/handlers/negotiation/negotiate.go
import { StatusError } from '#kubernetes/apimachinery/statusError.ts';

/** How an answer is to be shown: as itself where `as` is null. */
export interface Presentation {
  readonly as: 'Table' | 'PartialObjectMetadata' | 'PartialObjectMetadataList' | null;
  /** Of meta.k8s.io, where `as` is set. */
  readonly version: string;
  readonly mediaType: string;
  /** The clause itself asks for lines that people read. */
  readonly isPretty: boolean;
}

export interface AcceptClause {
  readonly type: string;
  readonly subtype: string;
  readonly quality: number;
  readonly parameters: ReadonlyMap<string, string>;
}

const json: Presentation = { as: null, version: '', mediaType: 'application/json', isPretty: false };
const mediaTypes = ['application/json', 'application/yaml'];
const noneAccepted = `only the following media types are accepted: ${mediaTypes.join(', ')}`;
const known = new Map<string, Presentation>();
const knownMax = 64;

/** The clauses of an Accept header, the best first; of equal ones the more specific, then the earlier. */
export function parseAccept(header: string): readonly AcceptClause[] {
  const clauses = header.split(',').flatMap((text): AcceptClause[] => {
    const [name = '', ...rest] = text.split(';').map((part) => part.trim());
    const [type = '', subtype = '', more] = name.split('/');
    if (type === '' || subtype === '' || more !== undefined) return [];
    const parameters = new Map<string, string>();
    for (const part of rest) {
      const at = part.indexOf('=');
      if (at > 0) parameters.set(part.slice(0, at).trim(), part.slice(at + 1).trim());
    }
    const quality = Number(parameters.get('q') ?? 1);
    return [{ type, subtype, quality: Number.isFinite(quality) ? quality : 1, parameters }];
  });
  const rank = ({ type, subtype }: AcceptClause) => (type === '*' ? 2 : subtype === '*' ? 1 : 0);
  return clauses.sort((a, b) => b.quality - a.quality || rank(a) - rank(b));
}

/** What the client would rather have of what can be served. Throws NotAcceptable. */
export function negotiate(accept: string | undefined): Presentation {
  if (accept === undefined || accept === '' || accept === 'application/json' || accept === '*/*') return json;
  const before = known.get(accept);
  if (before !== undefined) return before;
  for (const clause of parseAccept(accept)) {
    const presentation = clause.quality > 0 ? presentationOf(clause) : null;
    if (presentation === null) continue;
    if (known.size < knownMax) known.set(accept, presentation);
    return presentation;
  }
  throw notAcceptable(noneAccepted);
}

/** Whether people read what this client gets. */
export function isPrettyAgent(userAgent: string): boolean {
  return /^(?:curl|Wget|Mozilla\/5\.0)/.test(userAgent);
}

/** Refuses a watch in a form that has no frames. Throws NotAcceptable. */
export function checkStreams(accept: string | undefined): void {
  if (negotiate(accept).mediaType === 'application/yaml')
    throw notAcceptable('only the following media types are accepted: application/json;stream=watch');
}

/** Holds a client to what a resource without columns can be shown as. Throws NotAcceptable. */
export function checkNoTable(accept: string | undefined): void {
  if (negotiate(accept).as !== 'Table') return;
  const others = parseAccept(accept!).filter(
    ({ quality, parameters }) => quality > 0 && parameters.get('as') !== 'Table',
  );
  if (!others.some((clause) => presentationOf(clause) !== null)) throw notAcceptable(noneAccepted);
}

function presentationOf({ type, subtype, parameters }: AcceptClause): Presentation | null {
  const mediaType = mediaTypes.find((one) => {
    const [ownType, ownSubtype] = one.split('/');
    return (type === '*' || type === ownType) && (subtype === '*' || subtype === ownSubtype);
  });
  if (mediaType === undefined) return null;
  const as = parameters.get('as');
  const isPretty = parameters.get('pretty') === '1';
  if (as === undefined || as === '') return { ...json, mediaType, isPretty };
  const version = parameters.get('v') ?? '';
  if (parameters.get('g') !== 'meta.k8s.io' || (version !== 'v1' && version !== 'v1beta1')) return null;
  if (as === 'Table' || as === 'PartialObjectMetadata' || as === 'PartialObjectMetadataList')
    return { as, version, mediaType, isPretty };
  return null;
}

export function notAcceptable(message: string): StatusError {
  return new StatusError('NotAcceptable', message);
}
