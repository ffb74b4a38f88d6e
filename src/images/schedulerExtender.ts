import type { Node, Pod } from '#generated/types/core.v1.ts';
import { celErrorText, celValue, compileCel } from '#kubernetes/apimachinery/cel.ts';
import type { ContainerScope } from '#world/machine/image.ts';
import type { HttpRequest, HttpResponse } from '#world/network/http.ts';
import { defineImage, definePort, defineServer, mb, mib } from './image.ts';
import { busyboxTools } from './tools.ts';

/** Where the rules are: `filter.cel` and `score.cel`, and `message` for the nodes that the filter turns down. */
const directory = '/etc/extender';
/** Upstream: MaxExtenderPriority */
const scoreMax = 10;

/** What kube-scheduler sends. Upstream: kube-scheduler/extender/v1 ExtenderArgs */
interface Question {
  readonly Pod: Pod;
  readonly Nodes: { readonly items: readonly Node[] } | null;
}

function ruleOf({ files }: ContainerScope, name: string): string | null {
  const path = `${directory}/${name}`;
  const text = files.status(path) === null ? '' : files.read(path).trim();
  return text === '' ? null : text;
}

/** Each node with what an expression over `pod` and `node` says of it. Throws an Error in CEL's words. */
function evaluate(text: string, { Pod: pod, Nodes }: Question): (readonly [node: string, value: unknown])[] {
  const expression = compileCel(text, ['pod', 'node']);
  return (Nodes?.items ?? []).map((node) => [
    node.metadata.name,
    expression({ pod: celValue(pod), node: celValue(node) }),
  ]);
}

function filter(question: Question, container: ContainerScope): unknown {
  const rule = ruleOf(container, 'filter.cel');
  const message = ruleOf(container, 'message') ?? 'node(s) were turned down by the extender';
  const verdicts = new Map(rule === null ? [] : evaluate(rule, question));
  const items = question.Nodes?.items ?? [];
  const failed = items.filter(
    ({ metadata }) => verdicts.has(metadata.name) && verdicts.get(metadata.name) !== true,
  );
  log(container, question, `filter: ${items.length - failed.length} of ${items.length} nodes pass`);
  return {
    Nodes: { items: items.filter((node) => !failed.includes(node)) },
    FailedNodes: Object.fromEntries(failed.map(({ metadata }) => [metadata.name, message])),
    Error: '',
  };
}

function prioritize(question: Question, container: ContainerScope): unknown {
  const rule = ruleOf(container, 'score.cel');
  const values = rule === null ? [] : evaluate(rule, question);
  const scores = values.map(([Host, value]) => ({
    Host,
    Score: Math.max(0, Math.min(scoreMax, Math.trunc(Number(value)) || 0)),
  }));
  log(container, question, `prioritize: ${scores.map(({ Host, Score }) => `${Host}=${Score}`).join(' ')}`);
  return scores;
}

function log(container: ContainerScope, { Pod: { metadata } }: Question, text: string): void {
  container.log(`${metadata.namespace}/${metadata.name} ${text}\n`);
}

const verbs: Readonly<Record<string, (question: Question, container: ContainerScope) => unknown>> = {
  '/filter': filter,
  '/prioritize': prioritize,
};

function answer({ path, body }: HttpRequest, container: ContainerScope): HttpResponse {
  const verb = verbs[path];
  if (path === '/healthz') return text(200, 'ok\n');
  if (verb === undefined) return text(404, '404 page not found\n');
  try {
    const result = verb(JSON.parse(body) as Question, container);
    return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(result) };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const why = celErrorText(error);
    container.log(`${path.slice(1)}: ${why}\n`);
    if (path === '/filter')
      return {
        status: 200,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ Error: why }),
      };
    return text(500, `${why}\n`);
  }
}

const text = (status: number, body: string): HttpResponse => ({
  status,
  headers: { 'content-type': 'text/plain; charset=utf-8' },
  body,
});

const server = defineServer({
  startMs: 300,
  memoryIdleBytes: 20 * mib,
  ports: [definePort({ port: 8888, isSteady: false, handle: answer })],
  startLog: () => `listening on :8888, rules in ${directory}\n`,
});

/** A scheduler extender whose rules are CEL expressions over `pod` and `node`, read anew for every question. */
export const schedulerExtender = defineImage({
  name: 'podarium/scheduler-extender',
  tags: ['latest', '1.0'],
  sizeBytes: 21 * mb,
  entrypoint: ['/extender'],
  programs: busyboxTools,
  serverFor: (args) => (args[0] === '/extender' ? server : undefined),
});
