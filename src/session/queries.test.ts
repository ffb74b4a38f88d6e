import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import { expect, test } from 'vitest';
import type { Scenario } from '#classroom/scenario.ts';
import { answer } from './queries.ts';
import { Play } from './testPlay.ts';

const hop = () => new Promise<void>((resolve) => setImmediate(resolve));
const scenario = load(
  readFileSync(new URL('../../lessons/scenarios/empty.yaml', import.meta.url), 'utf8'),
) as Scenario;

test('a pod’s place is explained node by node: by scores where it found one, by filters where it found none', async () => {
  const play = new Play(scenario, 'queries', hop);
  await play.wait(10_000);
  await play.act('kubectl run small --image=nginx');
  await play.act(
    `kubectl run large --image=nginx --overrides='{"spec":{"containers":[{"name":"large","image":"nginx","resources":{"requests":{"cpu":"64"}}}]}}'`,
  );
  await play.wait(1_000);
  const ask = (rowId: string) => answer(play.session, { type: 'scheduling', rowId }, 'test');
  const small = await ask('pods/default/small');
  expect(small!.nodes[0]!.node).toBe(small!.node);
  expect(small!.nodes[0]!.scores.map(({ plugin }) => plugin)).toContain('NodeResourcesFit');
  expect(small!.nodes.find(({ node }) => node === 'control-plane')!.rejection!.plugin).toBe(
    'TaintToleration',
  );
  const large = await ask('pods/default/large');
  expect(large!.node).toBeNull();
  expect(large!.message).toContain('3 Insufficient cpu');
  expect(
    large!.nodes.filter(({ rejection }) => rejection?.reasons.includes('Insufficient cpu')),
  ).toHaveLength(3);
  expect(await ask('pods/kube-system/etcd-control-plane')).toBeNull();
});
