import { expect, test } from 'vitest';
import { notSimulated } from './notSimulated.ts';
import { programs } from './programs.ts';
import { Workbench } from './workbench.ts';

const hop = () => new Promise<void>((resolve) => setImmediate(resolve));

test.each([...notSimulated.keys()])('%s says in one line what to use instead', async (name) => {
  const { stdout, stderr, exitCode } = await new Workbench(hop).run(`${name} --version`);
  expect(stdout).toBe('');
  expect(stderr).toMatch(new RegExp(`^${name}: not simulated yet; .{10,}\\n$`));
  expect(exitCode).toBe(127);
  expect(programs.has(name)).toBe(false);
});

test('minikube service points to the nodes', async () => {
  const { stderr } = await new Workbench(hop).run('minikube service web --url');
  expect(stderr).toContain('kubectl get nodes -o wide');
});
