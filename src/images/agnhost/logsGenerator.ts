// Upstream: test/images/agnhost/logs-generator
import { parseDuration } from '#kubernetes/apimachinery/duration.ts';
import type { Process, Program } from '#world/machine/program.ts';
import { flagOf } from './respond.ts';

const methods = ['GET', 'POST', 'PUT'];
const namespaces = ['kube-system', 'default', 'ns'];
const letters = 'bcdfghjklmnpqrstvwxz2456789';

/** The head of a line of klog: `I0105 09:00:21.000000       1 logs_generator.go:76] `. */
function klogHead(atMs: number, severity: 'I' | 'F'): string {
  const date = new Date(atMs).toISOString();
  const day = date.slice(5, 10).replace('-', '');
  return `${severity}${day} ${date.slice(11, 23)}000       1 logs_generator.go:76] `;
}

function line(id: number, { simulation }: Process): string {
  const random = simulation.random('logs-generator');
  const name = Array.from({ length: 3 + random.below(2) }, () => letters[random.below(letters.length)]).join(
    '',
  );
  const url = `/api/v1/namespaces/${random.pick(namespaces)}/pods/${name}`;
  const status = 200 + random.below(400);
  return `${klogHead(simulation.nowMs, 'I')}${id} ${random.pick(methods)} ${url} ${status}\n`;
}

/** `agnhost logs-generator -t LINES -d DURATION`: prints so many lines, evenly over the time. */
export const logsGenerator: Program = async (process) => {
  const { args, simulation, stderr } = process;
  const lines = Number(flagOf(args, '--log-lines-total', '-t') ?? 0);
  const durationMs = parseDuration(flagOf(args, '--run-duration', '-d') ?? '0s');
  const fail = async (why: string) => {
    await stderr.write(`${klogHead(simulation.nowMs, 'F')}${why}\n`);
    return 255;
  };
  if (!(lines > 0)) return fail(`Invalid total number of lines: ${lines}`);
  if (durationMs <= 0) return fail(`Invalid duration: ${durationMs}s`);
  for (let id = 0; id < lines; id++) {
    await stderr.write(line(id, process));
    await process.sleep(durationMs / lines);
  }
  return 0;
};
