import type { Event } from '#generated/types/core.v1.ts';
import { events } from '#kubernetes/api/core/event.ts';
import { type AnyKind, pathOf, resourceName } from '#kubernetes/api/kind.ts';
import { Client } from '#kubernetes/client/client.ts';
import { toYaml } from '#kubernetes/apimachinery/yamlText.ts';
import type { Answers, Query } from '#protocol/messages.ts';
import type { Session } from './session.ts';
import { explainCause } from './why.ts';
import { home } from './workstation.ts';

const observer = { name: 'system:observer', groups: ['system:masters'] };
/** Log text that one answer holds; the terminal shows the rest. */
const logLengthMax = 256 * 1024;
const filesMax = 500;

type Subject = { readonly kind: AnyKind; readonly namespace: string; readonly name: string };

/** Answers one of the page's questions. It only looks: nothing is recorded, accounted or drawn by chance (D5). */
export async function answer<T extends Query>(
  session: Session,
  query: T,
  build: string,
): Promise<Answers[T['type']]> {
  return (await answers[query.type](session, query as never, build)) as Answers[T['type']];
}

const answers: {
  [T in Query['type']]: (
    session: Session,
    query: Extract<Query, { type: T }>,
    build: string,
  ) => Answers[T] | Promise<Answers[T]>;
} = {
  object(session, { rowId }) {
    const subject = subjectOf(session, rowId);
    const object =
      subject && session.cluster.apiServer.storage.get(subject.kind, subject.namespace, subject.name);
    return object ? { yaml: toYaml(object), kind: object.kind } : null;
  },
  events: (session, { rowId }) => eventsOf(session, rowId),
  logs(session, { rowId, container, previous }) {
    const subject = subjectOf(session, rowId);
    if (subject === null) return { text: '', truncated: false };
    const path = pathOf(subject.kind, subject.namespace, subject.name, 'log');
    const query = {
      ...(container && { container }),
      ...(previous && { previous: 'true' }),
      tailLines: '2000',
    };
    const response = session.cluster.observe({ method: 'GET', path, query, user: observer });
    const text =
      typeof response.body === 'string'
        ? response.body
        : ((response.body as { message?: string }).message ?? '');
    return { text: text.slice(-logLengthMax), truncated: text.length > logLengthMax };
  },
  why(session, { rowId }) {
    const subject = subjectOf(session, rowId);
    const audit = subject && session.cluster.apiServer.audit(subject.kind, subject.namespace, subject.name);
    return audit ? explainCause(audit.created) : [];
  },
  async scheduling(session, { rowId, change }) {
    const module = await import('./schedulingAnswer.ts');
    const subject = subjectOf(session, rowId);
    return subject === null
      ? { decision: null, whatIf: null }
      : module.schedulingAnswer(session.cluster, subject.namespace, subject.name, change);
  },
  readFile: (session, { path }) => {
    const absolute = path.startsWith('/') ? path : `${home}/${path}`;
    return session.workstation.files.status(absolute)?.type === 'file'
      ? session.workstation.files.read(absolute)
      : null;
  },
  listFiles: (session) => listFiles(session),
  complete: (session, { line, cursor }) => session.workstation.complete(line, cursor),
  async schema({ cluster }) {
    const [{ manifestSchema }, descriptions] = await Promise.all([
      import('#kubernetes/api/openapi.ts'),
      import('#generated/descriptions.json'),
    ]);
    return manifestSchema(cluster.apiServer.kinds.all, descriptions.default);
  },
  async dryRun(session, { text }) {
    const module = await import('./dryRun.ts');
    return module.dryRun(session, text);
  },
  recipe: (session, _query, build) => session.recipe(build),
  hash: (session) => session.hash(),
};

/** The object behind a row's id, `pods/default/web`; null for what is no object. */
function subjectOf({ cluster }: Session, rowId: string): Subject | null {
  const parts = rowId.split('/');
  const kind = cluster.apiServer.kinds.all.find(
    (entry) => resourceName(entry) === parts[0] && !entry.storage,
  );
  if (kind === undefined) return null;
  return kind.namespaced
    ? { kind, namespace: parts[1] ?? '', name: parts.slice(2).join('/') }
    : { kind, namespace: '', name: parts.slice(1).join('/') };
}

function eventsOf(session: Session, rowId: string): Answers['events'] {
  const subject = subjectOf(session, rowId);
  if (subject === null) return [];
  const client = new Client(session.cluster.observe, observer);
  const namespace = subject.namespace || 'default';
  const items: readonly Event[] = client.list(events, { namespace }).items;
  return items
    .filter(
      ({ involvedObject }) =>
        involvedObject.name === subject.name && involvedObject.kind === subject.kind.kind,
    )
    .map((event) => ({
      lastMs: Date.parse(event.lastTimestamp ?? event.metadata.creationTimestamp),
      count: event.count ?? 1,
      type: event.type ?? 'Normal',
      reason: event.reason ?? '',
      from: event.source?.component ?? event.reportingComponent ?? '',
      message: event.message ?? '',
    }))
    .sort((a, b) => a.lastMs - b.lastMs);
}

/** Files below the home directory, by their path from there. */
function listFiles({ workstation }: Session): string[] {
  const found: string[] = [];
  const visit = (directory: string) => {
    for (const name of workstation.files.list(directory)) {
      if (found.length >= filesMax || name.startsWith('.')) continue;
      const path = `${directory}/${name}`;
      if (workstation.files.status(path)?.type === 'directory') visit(path);
      else found.push(path.slice(home.length + 1));
    }
  };
  visit(home);
  return found;
}
