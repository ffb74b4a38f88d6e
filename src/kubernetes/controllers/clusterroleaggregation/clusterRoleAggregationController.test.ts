import { expect, test } from 'vitest';
import { clusterRoles } from '#kubernetes/api/rbac/clusterRole.ts';
import { TestCluster } from '../testCluster.ts';
import { clusterRoleAggregationController } from './clusterRoleAggregationController.ts';

const rule = (resource: string) => ({ verbs: ['get'], apiGroups: [''], resources: [resource] });

// Upstream: pkg/controller/clusterroleaggregation/clusterroleaggregation_controller_test.go
test('a role gathers the rules of those that it selects, each once, in the order of their names', () => {
  const cluster = new TestCluster([clusterRoleAggregationController]);
  const role = (name: string, labels: Record<string, string>, ...resources: string[]) =>
    cluster.client.create(clusterRoles, { metadata: { name, labels }, rules: resources.map(rule) });
  cluster.client.create(clusterRoles, {
    metadata: { name: 'all', labels: { to: 'all' } },
    aggregationRule: { clusterRoleSelectors: [{ matchLabels: { to: 'all' } }] },
    rules: [rule('own')],
  });
  role('b', { to: 'all' }, 'pods', 'nodes');
  role('a', { to: 'all' }, 'secrets', 'pods');
  role('c', { to: 'none' }, 'events');
  const gathered = () => {
    cluster.run();
    return cluster.get(clusterRoles, 'all').rules?.map(({ resources }) => resources?.[0]);
  };
  expect(gathered()).toEqual(['secrets', 'pods', 'nodes']);
  cluster.client.delete(clusterRoles, '', 'b');
  expect(gathered()).toEqual(['secrets', 'pods']);
  cluster.patch(clusterRoles, 'c', { metadata: { labels: { to: 'all' } } });
  expect(gathered()).toEqual(['secrets', 'pods', 'events']);
});
