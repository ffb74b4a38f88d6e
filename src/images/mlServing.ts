import { flaskServer, type Route } from './flaskApp.ts';
import { defineImage, isCommand, mb, mib } from './image.ts';
import { debianTools } from './tools.ts';

const route: Route = ({ path, body }) => {
  const plain = path.split('?')[0];
  if (plain === '/' || plain === '/healthz')
    return { body: '{"status":"ok","model":"demo","version":"1.0"}\n' };
  if (plain !== '/predict') return null;
  return { body: `${JSON.stringify({ prediction: body.length % 10, model: 'demo' })}\n` };
};

const server = flaskServer({
  port: 80,
  startMs: 4_000,
  memoryIdleBytes: 180 * mib,
  cost: { cpuMicros: 15_000, latencyMs: 40, memoryBytes: 512 * 1024 },
  route,
});

/** A model behind an HTTP port; it takes a while to load. */
export const mlServing = defineImage({
  name: 'ml-serving',
  tags: ['1.0', '1.1', 'latest'],
  sizeBytes: 890 * mb,
  command: ['python3', 'serve.py'],
  workingDirectory: '/app',
  programs: debianTools,
  serverFor: (args) => (isCommand(args, 'python3', 'python') ? server : undefined),
});
