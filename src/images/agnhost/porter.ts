// Upstream: test/images/agnhost/porter
import type { ContainerScope, ServerPort } from '#world/machine/image.ts';
import { definePort, defineServer } from '../image.ts';
import { isSet, json, memoryIdleBytes, respond } from './respond.ts';

/** `SERVE_PORT_80=text`, `SERVE_TLS_PORT_443=text`. */
const variable = /^SERVE_(?:TLS_)?PORT_(\d+)$/;

function portsOf({ environment, args }: ContainerScope): readonly ServerPort[] {
  const isJson = isSet(args, '--json-response');
  return [...environment].flatMap(([name, value]) => {
    const port = variable.exec(name)?.[1];
    if (port === undefined) return [];
    const handle: ServerPort['handle'] = ({ method }) =>
      isJson ? json({ Method: method, Body: value }) : respond(value);
    return [definePort({ port: Number(port), handle })];
  });
}

/** `agnhost porter`: answers on each port that its environment names with the text that stands there. */
export const porterServer = defineServer({ memoryIdleBytes, ports: portsOf });
