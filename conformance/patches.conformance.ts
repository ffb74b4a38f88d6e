import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import type { KubeObject } from '../src/kubernetes/api/object.ts';
import { patchLocally } from '../src/kubernetes/kubectl/localPatch.ts';

const kubectl = process.env['KUBECTL'] ?? '';
const seed = Number(process.env['SEED'] ?? 1);
const cases = 40;

/** A stream of chance: numbers from 0 up to, and without, `end`. */
function chance(start: number): (end: number) => number {
  let state = start >>> 0;
  return (end) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * end);
  };
}

/** Some of a list, in its order. */
function some<T>(list: readonly T[], draw: (end: number) => number): T[] {
  return list.filter(() => draw(2) === 0);
}

const keys = ['a', 'b', 'c'];

function texts(draw: (end: number) => number, isPatch: boolean): Record<string, string | null> {
  const valueOf = () => (isPatch && draw(4) === 0 ? null : `v${draw(3)}`);
  return Object.fromEntries(some(keys, draw).map((key) => [key, valueOf()]));
}

/** A part of a pod with lists that merge by their keys, and in a patch the fields that are taken out. */
function pod(draw: (end: number) => number, isPatch: boolean): Record<string, unknown> {
  const containers = some(keys, draw).map((name) => ({
    name,
    ...(draw(2) === 0 && { image: `image:${draw(3)}` }),
    ...(draw(2) === 0 && { args: some(keys, draw) }),
    ...(draw(2) === 0 && { env: some(keys, draw).map((own) => ({ name: own, value: `${draw(3)}` })) }),
    ...(draw(3) === 0 && { ports: some([80, 81, 82], draw).map((containerPort) => ({ containerPort })) }),
    ...(isPatch && draw(4) === 0 && { command: null }),
  }));
  return {
    metadata: { name: 'x', labels: texts(draw, isPatch) },
    spec: {
      ...(containers.length > 0 && { containers }),
      ...(draw(2) === 0 && { nodeSelector: texts(draw, isPatch) }),
      ...(draw(3) === 0 && { tolerations: some(keys, draw).map((key) => ({ key, operator: 'Exists' })) }),
      ...(isPatch && draw(4) === 0 && { restartPolicy: null }),
    },
  };
}

// Merges that upstream's own code does without a server. `SEED=N` begins elsewhere.
test.each(['merge', 'strategic'] as const)(
  `random %s patches do what they do upstream (SEED=${seed})`,
  (type) => {
    for (let at = 0; at < cases; at++) {
      const draw = chance(seed * 1000 + at);
      const object = { apiVersion: 'v1', kind: 'Pod', ...pod(draw, false) } as unknown as KubeObject;
      const patch = pod(draw, true);
      const { stdout, stderr } = spawnSync(
        kubectl,
        ['patch', '--local', `--type=${type}`, '-f', '-', '-p', JSON.stringify(patch), '-o', 'json'],
        { input: JSON.stringify(object), encoding: 'utf8' },
      );
      const what = JSON.stringify({ object, patch });
      expect(stderr, what).toBe('');
      expect(patchLocally(object, patch, type), what).toEqual(JSON.parse(stdout));
    }
  },
);
