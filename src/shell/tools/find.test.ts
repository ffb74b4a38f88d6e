import { expect, test } from 'vitest';
import { Workbench } from '../workbench.ts';

const hop = () => new Promise<void>((resolve) => setImmediate(resolve));
const tree = 'mkdir -p a/b; touch a/f a/b/g';

// What GNU find prints.
test.each<[string, string]>([
  ['find a', 'a\na/b\na/b/g\na/f\n'],
  ['find a -depth', 'a/b/g\na/b\na/f\na\n'],
  ['find a -mindepth 1 -delete; ls -A a | wc -l', '0\n'],
  ['find a -name "?" -type f -delete; find a', 'a\na/b\n'],
  ['find a -name b -delete; ls a', 'find: cannot delete ‘a/b’: Directory not empty\nb\nf\n'],
])('%s', async (script, output) => {
  const { stdout, stderr } = await new Workbench(hop).run(`${tree}; ${script}`);
  expect(stderr + stdout).toBe(output);
});
