// Upstream: test/images/agnhost/serve-hostname
import type { ServerPort } from '#world/machine/image.ts';
import { definePort, defineServer } from '../image.ts';
import { isSet, memoryIdleBytes, portOf, respond } from './respond.ts';

/** `agnhost serve-hostname`: answers everything with the pod's name, over HTTP unless its flags say otherwise. */
export const serveHostnameServer = defineServer({
  memoryIdleBytes,
  ports({ args }) {
    const port = portOf(args, 9376);
    const converse: ServerPort['converse'] = (_text, { hostname }) => `${hostname}\n`;
    return [
      ...(isSet(args, '--tcp')
        ? [definePort({ port, converse })]
        : [definePort({ port, handle: (_request, { hostname }) => respond(hostname) })]),
      ...(isSet(args, '--udp') ? [definePort({ port, protocol: 'UDP', converse })] : []),
    ];
  },
});
