import { defineImage, definePort, defineServer, mb, mib } from './image.ts';
import { busyboxTools } from './tools.ts';

/** An image that its registry shows only to who can log in: what `imagePullSecrets` are tried with. */
export const privateApp = defineImage({
  name: 'registry.podarium.example/team/orders',
  tags: ['latest', '1.0'],
  sizeBytes: 24 * mb,
  credentials: { username: 'learner', password: 'open-sesame' },
  entrypoint: ['/orders'],
  programs: busyboxTools,
  serverFor: (args) => (args[0] === '/orders' ? orders : undefined),
});

const orders = defineServer({
  memoryIdleBytes: 20 * mib,
  startLog: () => 'orders: listening on :8080\n',
  ports: [
    definePort({
      port: 8080,
      handle: () => ({ status: 200, headers: { 'content-type': 'text/plain' }, body: 'no orders yet\n' }),
    }),
  ],
});
