import { expect, test } from 'vitest';
import { pods } from './core/pod.ts';
import './laterChecks.ts';
import { created, createErrors } from './testing/kindTable.ts';

const container = { name: 'c', image: 'x:1' };
const withContainer = (more: object) => ({ containers: [{ ...container, ...more }] });
const withVolume = (source: object, mount: object = {}) => ({
  volumes: [{ name: 'v', ...source }],
  containers: [{ ...container, ...mount }],
});

// The cases are those of upstream's tables in pkg/apis/core/validation/validation_test.go, a few of each.
test.each<[string, object, string[]]>([
  ['good', { containers: [container] }, []],
  // Volumes
  ['a disk', withVolume({ gcePersistentDisk: { pdName: 'd' } }), []],
  [
    'sources without what they need',
    {
      containers: [container],
      volumes: [
        { name: 'a', gitRepo: { repository: '', directory: '../x' } },
        { name: 'b', awsElasticBlockStore: { volumeID: '', partition: 256 } },
        { name: 'c', iscsi: { targetPortal: '', iqn: 'x', lun: 256 } },
        { name: 'd', glusterfs: { endpoints: '', path: '' } },
        { name: 'e', flocker: { datasetName: 'a/b', datasetUUID: 'c' } },
        { name: 'f', rbd: { monitors: [], image: '' } },
        { name: 'g', cinder: { volumeID: '', secretRef: {} } },
        { name: 'h', fc: { targetWWNs: ['w'] } },
        { name: 'i', flexVolume: { driver: '', options: { 'a.k8s.io/x': '1' } } },
        { name: 'j', azureDisk: { diskName: 'd', diskURI: 'x', kind: 'Managed', cachingMode: 'Maybe' } },
        { name: 'k', csi: { driver: 'a_b', nodePublishSecretRef: {} } },
        { name: 'l', storageos: {} },
        { name: 'm', scaleIO: { gateway: 'g', system: '', secretRef: {} } },
      ],
    },
    [
      'spec.volumes[0].gitRepo.repository: Required value',
      'spec.volumes[0].gitRepo.directory: Invalid value: "../x": must not contain \'..\'',
      'spec.volumes[1].awsElasticBlockStore.volumeID: Required value',
      'spec.volumes[1].awsElasticBlockStore.partition: Invalid value: 256: must be between 0 and 255, inclusive',
      'spec.volumes[2].iscsi.targetPortal: Required value',
      'spec.volumes[2].iscsi.iqn: Invalid value: "x": must be valid format',
      'spec.volumes[2].iscsi.lun: Invalid value: 256: must be between 0 and 255, inclusive',
      'spec.volumes[3].glusterfs.endpoints: Required value',
      'spec.volumes[3].glusterfs.path: Required value',
      'spec.volumes[4].flocker: Invalid value: "resource": datasetName and datasetUUID can not be specified simultaneously',
      'spec.volumes[4].flocker.datasetName: Invalid value: "a/b": must not contain \'/\'',
      'spec.volumes[5].rbd.monitors: Required value',
      'spec.volumes[5].rbd.image: Required value',
      'spec.volumes[6].cinder.volumeID: Required value',
      'spec.volumes[6].cinder.secretRef.name: Required value',
      'spec.volumes[7].fc.lun: Required value: lun is required if targetWWNs is specified',
      'spec.volumes[8].flexVolume.driver: Required value',
      'spec.volumes[8].flexVolume.options[a.k8s.io/x]: Invalid value: "a.k8s.io/x": kubernetes.io and k8s.io namespaces are reserved',
      'spec.volumes[9].azureDisk.cachingMode: Unsupported value: "Maybe": supported values: "None", "ReadOnly", "ReadWrite"',
      'spec.volumes[9].azureDisk.diskURI: Unsupported value: "x": supported values: "/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}"',
      expect.stringMatching(
        /^spec\.volumes\[10\]\.csi\.driver: Invalid value: "a_b": a lowercase RFC 1123/,
      ) as string,
      'spec.volumes[10].csi.nodePublishSecretRef.name: Required value',
      'spec.volumes[11].storageos.volumeName: Required value',
      'spec.volumes[12].scaleIO.system: Required value',
      'spec.volumes[12].scaleIO.volumeName: Required value',
    ],
  ],
  [
    'a file of neither field nor resource',
    withVolume({
      downwardAPI: { items: [{ path: '/a' }, { path: '..a', fieldRef: { fieldPath: 'spec.nodeName' } }] },
    }),
    [
      'spec.volumes[0].downwardAPI.path: Invalid value: "/a": must be a relative path',
      'spec.volumes[0].downwardAPI: Required value: one of fieldRef and resourceFieldRef is required',
      'spec.volumes[0].downwardAPI.path: Invalid value: "..a": must not start with \'..\'',
      'spec.volumes[0].downwardAPI.fieldRef.fieldPath: Unsupported value: "spec.nodeName": supported values: "metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid"',
    ],
  ],
  [
    'projected sources at one path',
    withVolume({
      projected: {
        sources: [
          { secret: { name: 's', items: [{ key: 'a', path: 'p' }] } },
          { configMap: { name: 'm', items: [{ key: 'a', path: 'p' }] } },
          { serviceAccountToken: { path: 't', expirationSeconds: 60 } },
          { secret: {}, configMap: { name: 'm' } },
        ],
      },
    }),
    [
      'spec.volumes[0].projected: Invalid value: "m": conflicting duplicate paths',
      'spec.volumes[0].projected.sources[2].serviceAccountToken.expirationSeconds: Invalid value: 60: may not specify a duration less than 10 minutes',
      'spec.volumes[0].projected.sources[3].secret.name: Required value',
      'spec.volumes[0].projected.sources[3]: Forbidden: may not specify more than 1 volume type per source',
    ],
  ],
  [
    "a claim of the pod's own",
    withVolume({ ephemeral: { volumeClaimTemplate: { metadata: { name: 'x' }, spec: {} } } }),
    [
      'spec.volumes[0].ephemeral.volumeClaimTemplate.metadata.name: Forbidden: cannot be set',
      'spec.volumes[0].ephemeral.volumeClaimTemplate.spec.accessModes: Required value: at least 1 access mode is required',
      'spec.volumes[0].ephemeral.volumeClaimTemplate.spec.resources[storage]: Required value',
    ],
  ],
  [
    'mounts that cannot be',
    withVolume(
      { image: { reference: 'a:1' } },
      {
        volumeMounts: [
          { name: 'v', mountPath: '/a', subPath: 'b' },
          { name: 'v', mountPath: '/c', mountPropagation: 'Bidirectional', recursiveReadOnly: 'Enabled' },
        ],
      },
    ),
    [
      'spec.containers[0].volumeMounts[0].subPath: Invalid value: "b": not allowed in image volume sources',
      'spec.containers[0].volumeMounts.mountPropagation: Forbidden: Bidirectional mount propagation is available only to privileged containers',
      'spec.containers[0].volumeMounts.recursiveReadOnly: Forbidden: may only be specified when readOnly is true',
      'spec.containers[0].volumeMounts.recursiveReadOnly: Forbidden: may only be specified when mountPropagation is None or not specified',
    ],
  ],
  [
    'devices that are none',
    withVolume(
      { emptyDir: {} },
      {
        volumeDevices: [
          { name: 'v', devicePath: '/dev/../x' },
          { name: 'w', devicePath: '' },
        ],
      },
    ),
    [
      'spec.containers[0].volumeDevices[0].name: Invalid value: "v": can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode',
      'spec.containers[0].volumeDevices[0].devicePath: Invalid value: "/dev/../x": can not contain backsteps (\'..\')',
      'spec.containers[0].volumeDevices[1].name: Not found: "w"',
      'spec.containers[0].volumeDevices[1].devicePath: Required value',
    ],
  ],
  // Resources
  [
    'claims of devices',
    {
      resourceClaims: [{ name: 'a' }, { name: 'a', resourceClaimName: 'x' }],
      containers: [{ ...container, resources: { claims: [{ name: 'b' }] } }],
    },
    [
      'spec.resourceClaims[0]: Invalid value: {"Name":"a","ResourceClaimName":null,"ResourceClaimTemplateName":null}: must specify one of: `resourceClaimName`, `resourceClaimTemplateName`',
      'spec.resourceClaims[1].name: Duplicate value: "a"',
      'spec.containers[0].resources.claims[0]: Not found: "b": must be one of the names in pod.spec.resourceClaims: a, a',
    ],
  ],
  [
    'huge pages alone, and in parts',
    withContainer({ resources: { limits: { 'hugepages-2Mi': '3Mi' } } }),
    [
      'spec.containers[0].resources.limits[hugepages-2Mi]: Invalid value: "3Mi": 3Mi is not positive integer multiple of hugepages-2Mi',
      'spec.containers[0].resources.requests[hugepages-2Mi]: Invalid value: "3Mi": 3Mi is not positive integer multiple of hugepages-2Mi',
      'spec.containers[0].resources: Forbidden: HugePages require cpu or memory',
    ],
  ],
  [
    'policies of resizing',
    {
      restartPolicy: 'Never',
      ...withContainer({
        resizePolicy: [
          { resourceName: 'cpu', restartPolicy: 'RestartContainer' },
          { resourceName: 'disk', restartPolicy: 'NotRequired' },
        ],
      }),
    },
    [
      "spec.containers[0].resizePolicy: Invalid value: \"RestartContainer\": must be 'NotRequired' when `restartPolicy` is 'Never'",
      'spec.containers[0].resizePolicy: Unsupported value: "disk": supported values: "cpu", "memory"',
    ],
  ],
  [
    'a hook that sleeps longer than the grace',
    {
      terminationGracePeriodSeconds: 10,
      ...withContainer({ lifecycle: { preStop: { sleep: { seconds: 20 } } } }),
    },
    [
      'spec.containers[0].lifecycle.preStop.sleep: Invalid value: 20: must be non-negative and less than terminationGracePeriodSeconds (10)',
    ],
  ],
  [
    'a pod that asks for less than its containers',
    {
      resources: { requests: { cpu: '1', disk: '1' }, limits: { cpu: '1' } },
      containers: [{ ...container, resources: { requests: { cpu: '2' }, limits: { cpu: '2' } } }],
    },
    expect.arrayContaining([
      'spec.resources.requests[disk]: Unsupported value: "disk": supported values: "cpu", "hugepages-", "memory"',
      'spec.resources.requests[cpu]: Invalid value: "1": must be greater than or equal to aggregate container requests of 2',
      'spec.resources.containers[0][cpu].limits: Invalid value: "2": must be less than or equal to pod limits of 1',
    ]) as string[],
  ],
  [
    'units in which nothing is shown, files that are nowhere',
    withContainer({
      env: [
        { name: 'A', valueFrom: { resourceFieldRef: { resource: 'limits.cpu', divisor: '2' } } },
        { name: 'B', valueFrom: { fileKeyRef: { volumeName: 'v', path: '', key: 'k' } } },
      ],
    }),
    [
      'spec.containers[0].env[0].valueFrom.resourceFieldRef.divisor: Invalid value: "limits.cpu": only divisor\'s values 1m and 1 are supported with the cpu resource',
      'spec.containers[0].env[1].valueFrom.fileKeyRef.volumeName: Not found: "v"',
      'spec.containers[0].env[1].valueFrom.fileKeyRef.path: Required value',
    ],
  ],
  // Security
  [
    'users, profiles and mounts of /proc',
    withContainer({
      securityContext: {
        procMount: 'Unmasked',
        allowPrivilegeEscalation: false,
        capabilities: { add: ['CAP_SYS_ADMIN'] },
        seccompProfile: { type: 'Localhost' },
        appArmorProfile: { type: 'RuntimeDefault', localhostProfile: 'x' },
      },
    }),
    [
      'spec.containers[0].securityContext.procMount: Invalid value: "Unmasked": `hostUsers` must be false to use `Unmasked`',
      'spec.containers[0].securityContext.seccompProfile.localhostProfile: Required value: must be set when seccomp type is Localhost',
      'spec.containers[0].securityContext.appArmorProfile.localhostProfile: Invalid value: "x": can only be set when AppArmor type is Localhost',
      expect.stringMatching(
        /cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN$/,
      ) as string,
    ],
  ],
  [
    'sysctls',
    {
      hostNetwork: true,
      hostIPC: true,
      securityContext: {
        sysctls: [
          { name: 'kernel.shmmax', value: '1' },
          { name: 'net.core.somaxconn', value: '1' },
          { name: 'Bad', value: '1' },
          { name: 'vm.swappiness', value: '1' },
          { name: 'vm.swappiness', value: '1' },
        ],
      },
      containers: [container],
    },
    [
      'spec.securityContext.sysctls[0].name: Invalid value: "kernel.shmmax": may not be specified when \'hostIPC\' is true',
      'spec.securityContext.sysctls[1].name: Invalid value: "net.core.somaxconn": may not be specified when \'hostNetwork\' is true',
      'spec.securityContext.sysctls[2].name: Invalid value: "Bad": must have at most 253 characters and match regex ^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$',
      'spec.securityContext.sysctls[4].name: Duplicate value: "vm.swappiness"',
    ],
  ],
  [
    'namespaces of the host',
    {
      hostUsers: false,
      hostPID: true,
      shareProcessNamespace: true,
      hostNetwork: true,
      containers: [container],
    },
    [
      'spec.securityContext.shareProcessNamespace: Invalid value: true: ShareProcessNamespace and HostPID cannot both be enabled',
      'spec.hostNetwork: Forbidden: when `pod.Spec.HostUsers` is false',
      'spec.HostPID: Forbidden: when `pod.Spec.HostUsers` is false',
    ],
  ],
  [
    'what Windows has not',
    {
      os: { name: 'windows' },
      hostPID: true,
      securityContext: { fsGroup: 1 },
      ...withContainer({ securityContext: { privileged: true } }),
    },
    [
      'spec.securityContext.fsGroup: Forbidden: cannot be set for a windows pod',
      'spec.hostPID: Forbidden: cannot be set for a windows pod',
      'spec.containers[0].securityContext.privileged: Forbidden: cannot be set for a windows pod',
    ],
  ],
  [
    'an unknown system',
    { os: { name: 'plan9' }, containers: [container] },
    ['spec.os.name: Unsupported value: "plan9": supported values: "linux", "windows"'],
  ],
  // Placement
  [
    'spread that says too much',
    {
      containers: [container],
      topologySpreadConstraints: [
        {
          maxSkew: 1,
          topologyKey: 'zone',
          whenUnsatisfiable: 'ScheduleAnyway',
          minDomains: 2,
          nodeTaintsPolicy: 'Maybe',
          matchLabelKeys: ['a'],
          labelSelector: { matchLabels: { a: 'b' } },
        },
      ],
    },
    [
      'spec.topologySpreadConstraints[0].minDomains: Invalid value: 2: can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ScheduleAnyway',
      'spec.topologySpreadConstraints[0].nodeTaintsPolicy: Unsupported value: "Maybe": supported values: "Honor", "Ignore"',
      'spec.topologySpreadConstraints[0].matchLabelKeys[0]: Invalid value: "a": exists in both matchLabelKeys and labelSelector',
    ],
  ],
  [
    'affinities',
    {
      containers: [container],
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.uid', operator: 'Exists' }] }],
          },
        },
        podAntiAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: [
            { topologyKey: 'zone', namespaces: ['A'], matchLabelKeys: ['a'] },
          ],
        },
      },
    },
    [
      'spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchFields[0].operator: Invalid value: "Exists": not a valid selector operator',
      'spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchFields[0].key: Invalid value: "metadata.uid": not a valid field selector key',
      expect.stringMatching(
        /podAntiAffinity\.requiredDuringSchedulingIgnoredDuringExecution\[0\]\.namespace: Invalid value: "A"/,
      ) as string,
      'spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].matchLabelKeys: Forbidden: must not be specified when labelSelector is not set',
    ],
  ],
  [
    'names and addresses',
    {
      containers: [container],
      dnsConfig: { nameservers: ['x'], searches: ['_a.b.', '.', 'A'], options: [{ value: '1' }] },
      hostAliases: [{ ip: '1.2.3', hostnames: ['A'] }],
    },
    [
      'spec.dnsConfig.nameservers[0]: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
      expect.stringMatching(
        /^spec\.dnsConfig\.searches\[2\]: Invalid value: "A": a lowercase RFC 1123 subdomain/,
      ) as string,
      'spec.dnsConfig.options[0]: Required value: must not be empty',
      'spec.hostAliases[0].ip: Invalid value: "1.2.3": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
      expect.stringMatching(/^spec\.hostAliases\[0\]\.hostnames\[0\]: Invalid value: "A"/) as string,
    ],
  ],
])('%s', (_name, spec, errors) => {
  expect(createErrors(pods, { spec })).toEqual(errors);
});

test.each<[string, object, string[]]>([
  ['good', { name: 'd', image: 'x:1', targetContainerName: 'c', stdin: true }, []],
  [
    'what a visitor may not have',
    {
      name: 'c',
      image: 'x:1',
      targetContainerName: 'z',
      ports: [{ containerPort: 80 }],
      resources: { requests: { cpu: '1' } },
    },
    [
      'ephemeralContainers[0].targetContainerName: Not found: "z"',
      'ephemeralContainers[0].ports: Forbidden: cannot be set for an Ephemeral Container',
      'ephemeralContainers[0].resources: Forbidden: cannot be set for an Ephemeral Container',
      'ephemeralContainers[0].name: Duplicate value: "c"',
    ],
  ],
])('an ephemeral container that is %s', async (_name, ephemeral, errors) => {
  const { checkEphemeralContainers } = await import('./ephemeralContainers.ts');
  const { spec } = created(pods, { spec: { containers: [container], ephemeralContainers: [ephemeral] } });
  expect(checkEphemeralContainers(spec).map(({ field, message }) => `${field}: ${message}`)).toEqual(errors);
});
