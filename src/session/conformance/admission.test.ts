import { beforeAll, describe, expect, test } from 'vitest';
import { Framework } from './testing/framework.ts';

const f = new Framework();
beforeAll(() => f.pass(60));

// Upstream: test/e2e/apimachinery/webhook.go
describe('sig-api-machinery/AdmissionWebhook', () => {
  const api = '/apis/admissionregistration.k8s.io/v1';
  const configuration = (name: string, matchConditions: readonly object[]) => ({
    metadata: { name },
    webhooks: [
      {
        name: `${name}.k8s.io`,
        rules: [
          {
            operations: ['CREATE'],
            apiGroups: ['none.example.com'],
            apiVersions: ['v1'],
            resources: ['nones'],
          },
        ],
        clientConfig: { service: { namespace: 'default', name: 'none', path: '/x', port: 8443 } },
        sideEffects: 'None',
        admissionReviewVersions: ['v1'],
        matchConditions,
      },
    ],
  });
  const condition = { name: 'expression-1', expression: "object.metadata.namespace == 'production'" };
  const other = { name: 'expression-2', expression: "object.metadata.namespace == 'staging'" };

  function keepsConditions(kind: string): void {
    const path = `${api}/${kind}webhookconfigurations`;
    const made = f.create(path, configuration(`${kind}-cel`, [condition]));
    const shown = (matchConditions: readonly object[]) => ({ webhooks: [{ matchConditions }] });
    expect(made).toMatchObject(shown([condition]));
    const changed = { ...made, ...configuration(`${kind}-cel`, [other]), metadata: made.metadata };
    expect(f.update(`${path}/${kind}-cel`, changed)).toMatchObject(shown([other]));
    expect(f.get(`${path}/${kind}-cel`)).toMatchObject(shown([other]));
    f.delete(`${path}/${kind}-cel`);
  }

  function rejectsConditions(kind: string): void {
    const bad = { name: 'invalid-expression-1', expression: '... [] bad expression' };
    expect(f.failure('POST', `${api}/${kind}webhookconfigurations`, configuration('bad', [bad]))).toContain(
      'compilation failed',
    );
  }

  test('should be able to create and update validating webhook configurations with match conditions', () =>
    keepsConditions('validating'));

  test('should be able to create and update mutating webhook configurations with match conditions', () =>
    keepsConditions('mutating'));

  test('should reject validating webhook configurations with invalid match conditions', () =>
    rejectsConditions('validating'));

  test('should reject mutating webhook configurations with invalid match conditions', () =>
    rejectsConditions('mutating'));

  test('should include webhook resources in discovery documents', () => {
    const any = (entry: object) => expect.arrayContaining([expect.objectContaining(entry)]) as unknown;
    const group = 'admissionregistration.k8s.io';
    expect(f.get('/apis')).toMatchObject({ groups: any({ name: group, versions: any({ version: 'v1' }) }) });
    expect(f.get(`/apis/${group}`)).toMatchObject({ name: group, versions: any({ version: 'v1' }) });
    for (const name of ['mutatingwebhookconfigurations', 'validatingwebhookconfigurations'])
      expect(f.get(api)).toMatchObject({ resources: any({ name }) });
  });
});

// Upstream: test/e2e/apimachinery/validatingadmissionpolicy.go
describe('sig-api-machinery/ValidatingAdmissionPolicy', () => {
  const api = '/apis/admissionregistration.k8s.io/v1';

  /** Holds deployments of a new namespace to a policy. Returns a request to make one of so many replicas. */
  async function bind(name: string, spec: object): Promise<(replicas: number) => string> {
    const namespace = (await f.namespace()).slice('/api/v1/namespaces/'.length);
    f.create(`${api}/validatingadmissionpolicies`, {
      metadata: { name },
      spec: {
        failurePolicy: 'Fail',
        matchConstraints: {
          resourceRules: [
            {
              apiGroups: ['apps'],
              apiVersions: ['v1'],
              operations: ['CREATE', 'UPDATE'],
              resources: ['deployments'],
            },
          ],
          namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
        },
        ...spec,
      },
    });
    f.create(`${api}/validatingadmissionpolicybindings`, {
      metadata: { name },
      spec: { policyName: name, validationActions: ['Deny'] },
    });
    await f.pass(5);
    const labels = { app: 'e2e' };
    const template = { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'nginx:1.27' }] } };
    return (replicas) => {
      const answer = f.send('POST', `/apis/apps/v1/namespaces/${namespace}/deployments`, {
        metadata: { generateName: 'd-' },
        spec: { replicas, selector: { matchLabels: labels }, template },
      });
      return answer.status < 300 ? '' : (answer.body as { message: string }).message;
    };
  }

  test('should validate against a Deployment', async () => {
    const deploy = await bind('replicas', {
      validations: [
        {
          expression: 'object.spec.replicas > 1',
          messageExpression: "'wants replicas > 1, got ' + string(object.spec.replicas)",
        },
      ],
    });
    expect(deploy(2)).toBe('');
    expect(deploy(1)).toContain(
      "ValidatingAdmissionPolicy 'replicas' with binding 'replicas' denied request: wants replicas > 1, got 1",
    );
  });

  test('should allow expressions to refer variables.', async () => {
    const deploy = await bind('variables', {
      variables: [
        { name: 'replicas', expression: 'object.spec.replicas' },
        { name: 'oddReplicas', expression: 'variables.replicas % 2 == 1' },
      ],
      validations: [{ expression: 'variables.replicas > 1' }, { expression: 'variables.oddReplicas' }],
    });
    expect(deploy(3)).toBe('');
    expect(deploy(1)).toContain('failed expression: variables.replicas > 1');
    expect(deploy(2)).toContain('failed expression: variables.oddReplicas');
  });
});
