import type { ApiServer } from '../src/kubernetes/apiserver/server.ts';

/** What a command line got from the server, by its answers to kubectl. */
export interface Answer {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly body: unknown;
}

/** Notes what the server answers to kubectl from now on; the list is emptied by whoever reads it. */
export function noteAnswers(apiServer: Pick<ApiServer, 'handle'>): Answer[] {
  const answers: Answer[] = [];
  const { handle } = apiServer;
  apiServer.handle = (request) => {
    const answer = handle(request);
    if (request.userAgent?.startsWith('kubectl')) {
      const { status } = answer;
      const body = 'body' in answer ? answer.body : undefined;
      answers.push({ method: request.method, path: request.path, status, body });
    }
    return answer;
  };
  return answers;
}

/** Which kinds there are, asked before almost everything. */
const discovery = /^\/(api|apis|openapi|version)(\/|$)(?!.*\/(namespaces|[a-z]+s)(\/|$))/;
/** Commands that print what discovery says. */
const printsDiscovery = /^kubectl (api-resources|api-versions|explain|version)\b/;
/** What kubectl says by itself of a success: `pod/web created`, `pod "web" deleted`. */
const acknowledgement =
  /^(\S+\/\S+|\S+ "\S+")( [a-z]+(-[a-z]+)*)+( \([a-z ]+\))?$|^(No resources found|No events found).*$|^\[exit \d+\]$|^$/;

/** Whether the server had a part in what a command line printed, so that a source must say why it is right. */
export function isAnswered(act: string, output: string, answers: readonly Answer[]): boolean {
  if (act === '@objects') return true;
  if (output.split('\n').every((line) => acknowledgement.test(line))) return false;
  return answers.some(({ path }) => !discovery.test(path) || printsDiscovery.test(act));
}
