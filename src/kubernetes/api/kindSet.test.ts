import { expect, test } from 'vitest';
import { bootKinds } from './bootKinds.ts';
import { apiVersionOf } from './kind.ts';
import { KindSet } from './kindSet.ts';
import { laterKinds } from './laterKinds.ts';
import { builtInKinds } from './registry.ts';

test('a kind is found by its URL and by what objects say', () => {
  for (const kind of builtInKinds.all) {
    expect(builtInKinds.findResource(kind.group, kind.version, kind.plural)).toBe(kind);
    expect(builtInKinds.findKind(apiVersionOf(kind), kind.kind)).toBe(kind);
  }
  expect(builtInKinds.findResource('', 'v1', 'deployments')).toBeUndefined();
});

test('kinds stand in the order of discovery, whichever came first', () => {
  const order = (kinds: KindSet) => kinds.all.map(({ group, version, plural }) => [group, version, plural]);
  expect(order(new KindSet([...laterKinds, ...bootKinds]))).toEqual(order(builtInKinds));
  const groups = [...new Set(builtInKinds.all.map(({ group }) => group))];
  expect(groups.slice(0, 2)).toEqual(['', 'apiregistration.k8s.io']);
  const autoscaling = builtInKinds.all.filter(({ group }) => group === 'autoscaling');
  expect(autoscaling.map(({ version }) => version)).toEqual(['v2', 'v1']);
});

test('whoever follows is told of what is there, what comes and what goes', () => {
  const [first, second] = bootKinds;
  const kinds = new KindSet([first!]);
  const told: string[] = [];
  const end = kinds.follow({
    added: (kind) => told.push(`+${kind.plural}`),
    removed: (kind) => told.push(`-${kind.plural}`),
  });
  kinds.add([second!]);
  kinds.remove(first!);
  kinds.remove(first!);
  end();
  kinds.add([first!]);
  expect(told).toEqual([`+${first!.plural}`, `+${second!.plural}`, `-${first!.plural}`]);
});
