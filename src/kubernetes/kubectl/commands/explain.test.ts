import { expect, test } from 'vitest';
import { TestWorkstation } from '../testWorkstation.ts';

// Recorded from kubectl 1.33 against this server's OpenAPI.
test.each([
  [
    'explain deploy.spec.replicas',
    `GROUP:      apps
KIND:       Deployment
VERSION:    v1

FIELD: replicas <integer>


DESCRIPTION:
    Number of desired pods. This is a pointer to distinguish between explicit
    zero and not specified. Defaults to 1.
    

`,
  ],
  [
    'explain pod.spec.containers.resources.limits',
    `KIND:       Pod
VERSION:    v1

FIELD: limits <map[string]Quantity>


DESCRIPTION:
    Limits describes the maximum amount of compute resources allowed. More info:
    https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/
    

`,
  ],
  [
    'explain hpa.spec.metrics.resource.target --recursive',
    `GROUP:      autoscaling
KIND:       HorizontalPodAutoscaler
VERSION:    v2

FIELD: target <MetricTarget>


DESCRIPTION:
    target specifies the target value for the given metric
    MetricTarget defines the target value, average value, or average utilization
    of a specific metric
    
FIELDS:
  averageUtilization	<integer>
  averageValue	<Quantity>
  type	<string> -required-
  value	<Quantity>

`,
  ],
])('kubectl %s', async (line, out) =>
  expect(await new TestWorkstation().run(line)).toEqual({ out, err: '', code: 0 }),
);

test.each([
  ['explain pod.spec.nope', 'KIND:       Pod\nVERSION:    v1\n\n', 'error: field "nope" does not exist\n'],
  ['explain foo', '', 'the server doesn\'t have a resource type "foo"\n'],
  [
    'explain deploy --api-version=apps/v2',
    '',
    'error: couldn\'t find resource for "apps/v2, Resource=deployments"\n',
  ],
])('kubectl %s', async (line, out, err) =>
  expect(await new TestWorkstation().run(line)).toEqual({ out, err, code: 1 }),
);

test('a list of fields names the first values of an enum', async () => {
  const { out } = await new TestWorkstation().run('explain pod.spec.containers');
  expect(out).toContain(
    '\n  imagePullPolicy\t<string>\n  enum: Always, IfNotPresent, Never\n    Image pull policy.',
  );
});
