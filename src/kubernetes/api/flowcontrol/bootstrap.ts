// Upstream: apiserver/pkg/apis/flowcontrol/bootstrap/default.go
import type {
  FlowSchemaSpec,
  PolicyRulesWithSubjects,
  PriorityLevelConfigurationSpec,
  ResourcePolicyRule,
  Subject,
} from '#generated/types/flowcontrol.v1.ts';

type Rules = readonly PolicyRulesWithSubjects[];

const everyResource: ResourcePolicyRule = {
  verbs: ['*'],
  apiGroups: ['*'],
  resources: ['*'],
  clusterScope: true,
  namespaces: ['*'],
};

function group(name: string): Subject {
  return { kind: 'Group', group: { name } };
}

function user(name: string): Subject {
  return { kind: 'User', user: { name } };
}

function systemAccount(name: string): Subject {
  return { kind: 'ServiceAccount', serviceAccount: { name, namespace: 'kube-system' } };
}

/** Anything that the subjects ask for. */
function all(...subjects: Subject[]): Rules {
  return [
    {
      subjects,
      resourceRules: [everyResource],
      nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
    },
  ];
}

/** Some verbs on some resources in every namespace. */
function on(verbs: readonly string[], apiGroup: string, ...resources: string[]): ResourcePolicyRule {
  return { verbs, apiGroups: [apiGroup], resources, namespaces: ['*'] };
}

function schema(
  matchingPrecedence: number,
  level: string,
  method: 'ByUser' | 'ByNamespace' | '',
  rules: Rules,
): FlowSchemaSpec {
  return {
    priorityLevelConfiguration: { name: level },
    matchingPrecedence,
    ...(method !== '' && { distinguisherMethod: { type: method } }),
    rules,
  };
}

function limited(
  nominalConcurrencyShares: number,
  lendablePercent: number,
  queues: number,
  handSize: number,
): PriorityLevelConfigurationSpec {
  return {
    type: 'Limited',
    limited: {
      nominalConcurrencyShares,
      limitResponse: { type: 'Queue', queuing: { queues, handSize, queueLengthLimit: 50 } },
      lendablePercent,
    },
  };
}

const everyone = [group('system:unauthenticated'), group('system:authenticated')];
const electionVerbs = ['get', 'create', 'update'];
const leases = on(electionVerbs, 'coordination.k8s.io', 'leases');

/** Without these two levels and schemas the server does not run; their specs cannot be changed. */
export const mandatoryPriorityLevels: Readonly<Record<string, PriorityLevelConfigurationSpec>> = {
  exempt: { type: 'Exempt', exempt: { nominalConcurrencyShares: 0, lendablePercent: 0 } },
  'catch-all': {
    type: 'Limited',
    limited: { nominalConcurrencyShares: 5, limitResponse: { type: 'Reject' }, lendablePercent: 0 },
  },
};

export const mandatoryFlowSchemas: Readonly<Record<string, FlowSchemaSpec>> = {
  exempt: schema(1, 'exempt', '', all(group('system:masters'))),
  'catch-all': schema(10_000, 'catch-all', 'ByUser', all(...everyone)),
};

/** All levels that a new cluster has. */
export const bootstrapPriorityLevels: Readonly<Record<string, PriorityLevelConfigurationSpec>> = {
  ...mandatoryPriorityLevels,
  system: limited(30, 33, 64, 6),
  'node-high': limited(40, 25, 64, 6),
  'leader-election': limited(10, 0, 16, 4),
  'workload-high': limited(40, 50, 128, 6),
  'workload-low': limited(100, 90, 128, 6),
  'global-default': limited(20, 50, 128, 6),
};

/** All schemas that a new cluster has. */
export const bootstrapFlowSchemas: Readonly<Record<string, FlowSchemaSpec>> = {
  ...mandatoryFlowSchemas,
  probes: schema(2, 'exempt', '', [
    {
      subjects: everyone,
      nonResourceRules: [{ verbs: ['get'], nonResourceURLs: ['/healthz', '/readyz', '/livez'] }],
    },
  ]),
  'system-leader-election': schema(100, 'leader-election', 'ByUser', [
    {
      subjects: [user('system:kube-controller-manager'), user('system:kube-scheduler'), systemAccount('*')],
      resourceRules: [leases],
    },
  ]),
  'endpoint-controller': schema(150, 'workload-high', 'ByUser', [
    {
      subjects: [
        user('system:kube-controller-manager'),
        systemAccount('endpoint-controller'),
        systemAccount('endpointslicemirroring-controller'),
      ],
      resourceRules: [on(electionVerbs, '', 'endpoints')],
    },
  ]),
  'workload-leader-election': schema(200, 'leader-election', 'ByUser', [
    { subjects: [systemAccount('*')], resourceRules: [leases] },
  ]),
  'system-node-high': schema(400, 'node-high', 'ByUser', [
    {
      subjects: [group('system:nodes')],
      resourceRules: [
        {
          verbs: ['*'],
          apiGroups: [''],
          resources: ['nodes', 'nodes/status'],
          clusterScope: true,
          namespaces: ['*'],
        },
        on(['*'], 'coordination.k8s.io', 'leases'),
      ],
    },
  ]),
  'system-nodes': schema(500, 'system', 'ByUser', all(group('system:nodes'))),
  'kube-controller-manager': schema(
    800,
    'workload-high',
    'ByNamespace',
    all(user('system:kube-controller-manager')),
  ),
  'kube-scheduler': schema(800, 'workload-high', 'ByNamespace', all(user('system:kube-scheduler'))),
  'kube-system-service-accounts': schema(900, 'workload-high', 'ByNamespace', all(systemAccount('*'))),
  'service-accounts': schema(9000, 'workload-low', 'ByUser', all(group('system:serviceaccounts'))),
  'global-default': schema(9900, 'global-default', 'ByUser', all(...everyone)),
};
