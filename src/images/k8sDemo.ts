import { flaskServer, queryValue, type Route } from './flaskApp.ts';
import { defineImage, isCommand, mb, mib } from './image.ts';
import { debianTools } from './tools.ts';

const good = ['good', 'great', 'love', 'happy', 'nice', 'wonderful', 'best', 'like'];
const bad = ['bad', 'awful', 'hate', 'sad', 'worst', 'terrible', 'angry'];

/** The sentiment of a text, from two lists of words. */
const route: Route = (request) => {
  const path = request.path.split('?')[0];
  if (path === '/') return { body: 'Twitter Sentiment Analysis\n', type: 'text/html; charset=utf-8' };
  if (path === '/health' || path === '/healthz') return { body: 'ok\n', type: 'text/plain' };
  if (path !== '/predict') return null;
  const text = (queryValue(request, 'text') ?? request.body).toLowerCase();
  const count = (words: readonly string[]) => words.filter((word) => text.includes(word)).length;
  const score = count(good) - count(bad);
  const sentiment = score > 0 ? 'positive' : score < 0 ? 'negative' : 'neutral';
  return { body: `${JSON.stringify({ text, sentiment })}\n` };
};

/**
 * The sentiment service of the autoscaling demo, built on the nodes. A request takes 6 ms of CPU: ten a second
 * are more than five pods should carry that aim at 20% of 50 millicores.
 */
export const k8sDemo = defineImage({
  name: 'k8s_demo',
  tags: ['v1', 'latest'],
  sizeBytes: 1_210 * mb,
  command: ['python3', 'app.py'],
  workingDirectory: '/app',
  programs: debianTools,
  isLocal: true,
  serverFor: (args) => (isCommand(args, 'python3', 'python', 'flask', 'gunicorn') ? server : undefined),
});

const server = flaskServer({
  port: 4000,
  startMs: 3_000,
  memoryIdleBytes: 210 * mib,
  cost: { cpuMicros: 6_000, latencyMs: 24, memoryBytes: 256 * 1024 },
  route,
});
