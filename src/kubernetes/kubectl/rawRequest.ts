// Upstream: kubectl/pkg/rawhttp/raw.go
import type { ApiRequest } from '#kubernetes/api/request.ts';
import { CommandError } from './errors.ts';
import type { Invocation } from './invocation.ts';

/** Sends what `--raw` names, with `body` where there is one, and prints the answer as it comes. */
export async function sendRaw(
  invocation: Invocation,
  method: ApiRequest['method'],
  body?: unknown,
): Promise<void> {
  const { flags, args, client } = invocation;
  if (args.length > 0) throw new CommandError('arguments may not be passed when --raw is specified');
  const [path = '', search = ''] = flags.text('raw').split('?');
  const query = Object.fromEntries(
    search
      .split('&')
      .filter((pair) => pair !== '')
      .map((pair) => {
        const [name = '', value = ''] = pair.split('=', 2);
        return [decodeURIComponent(name), decodeURIComponent(value)];
      }),
  );
  const sent = body === undefined ? {} : { contentType: 'application/json', body };
  let response = await client.send({ method, path, query, ...sent });
  const location = response.headers?.['Location'];
  // As Go's http.Client does; a proxied object has its page one slash further down.
  if (response.status === 301 && location !== undefined)
    response = await client.send({ method, path: location.split('?')[0]!, query, ...sent });
  const answer = response.body;
  await invocation.out(typeof answer === 'string' ? answer : JSON.stringify(answer));
}
