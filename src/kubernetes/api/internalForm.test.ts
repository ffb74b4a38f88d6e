import { expect, test } from 'vitest';
import './laterDefinitions.ts';
import { definition } from './definitions.ts';
import { internalForm, internalTemplate, orders } from './internalForm.ts';

/** What upstream's own types keep elsewhere, or not at all. */
const elsewhere: Readonly<Record<string, readonly string[]>> = {
  'core.v1.PodSpec': [
    'hostIPC',
    'hostNetwork',
    'hostPID',
    'hostUsers',
    'serviceAccount',
    'shareProcessNamespace',
  ],
};
const added: Readonly<Record<string, readonly string[]>> = {
  'core.v1.PodSecurityContext': ['hostipc', 'hostnetwork', 'hostpid', 'hostusers', 'shareprocessnamespace'],
};

test.each(Object.entries(orders))('every field of %s has its place', (name, order) => {
  const served = [...definition(`io.k8s.api.${name}`).fields.keys()];
  const kept = served
    .filter((field) => !elsewhere[name]?.includes(field))
    .map((field) => field.toLowerCase());
  const placed = order.split(' ').map((word) => word.replace(/\?|=b/, '').toLowerCase());
  expect(placed.sort()).toEqual([...kept, ...(added[name] ?? [])].sort());
});

test('a template is shown as upstream keeps it', () => {
  const template = {
    metadata: { labels: { b: '1', a: '2' } },
    spec: {
      restartPolicy: 'Never',
      hostNetwork: true,
      terminationGracePeriodSeconds: 30,
      dnsPolicy: 'ClusterFirst',
      securityContext: { runAsUser: 5 },
      schedulerName: 'default-scheduler',
      containers: [
        { name: 'c', image: 'nginx', imagePullPolicy: 'Always', resources: { limits: { cpu: '1' } } },
      ],
      volumes: [{ name: 'v', emptyDir: {} }],
    },
  };
  const text = JSON.stringify(internalTemplate(template));
  const nothing = '"LivenessProbe":null,"ReadinessProbe":null,"StartupProbe":null,"Lifecycle":null,';
  expect(
    text.startsWith(
      '{"labels":{"a":"2","b":"1"},"Spec":{"Volumes":[{"Name":"v","HostPath":null,"EmptyDir":{"Medium":"","SizeLimit":null},"GCE',
    ),
  ).toBe(true);
  expect(text).toContain(
    `"InitContainers":null,"Containers":[{"Name":"c","Image":"nginx","Command":null,"Args":null,"WorkingDir":"","Ports":null,"EnvFrom":null,"Env":null,"Resources":{"Limits":{"cpu":"1"},"Requests":null,"Claims":null},"ResizePolicy":null,"RestartPolicy":null,"RestartPolicyRules":null,"VolumeMounts":null,"VolumeDevices":null,${nothing}"TerminationMessagePath":"","TerminationMessagePolicy":"","ImagePullPolicy":"Always","SecurityContext":null,"Stdin":false,"StdinOnce":false,"TTY":false}],"EphemeralContainers":null,"RestartPolicy":"Never","TerminationGracePeriodSeconds":30,"ActiveDeadlineSeconds":null,"DNSPolicy":"ClusterFirst","NodeSelector":null,"ServiceAccountName":"","AutomountServiceAccountToken":null,"NodeName":"","SecurityContext":{"HostNetwork":true,"HostPID":false,"HostIPC":false,"ShareProcessNamespace":null,"HostUsers":null,"SELinuxOptions":null,"WindowsOptions":null,"RunAsUser":5,`,
  );
});

test('what is absent is null where it is a pointer', () => {
  expect(JSON.stringify(internalForm('policy.v1.PodDisruptionBudgetSpec', { minAvailable: 1 }))).toBe(
    '{"MinAvailable":1,"Selector":null,"MaxUnavailable":null,"UnhealthyPodEvictionPolicy":null}',
  );
  expect(internalForm('batch.v1.SuccessPolicy', undefined)).toBeNull();
});
