import { beforeAll, describe, expect, test } from 'vitest';
import { encodeBase64 } from '#kubernetes/api/base64.ts';
import { Framework } from './testing/framework.ts';

const f = new Framework();
beforeAll(() => f.pass(60));

const image = 'busybox:1.36';
type Volume = Readonly<Record<string, unknown>>;

/** Runs a pod with volumes at /v0, /v1 … to its end; what it printed. */
async function shown(
  core: string,
  volumes: readonly Volume[],
  script: string,
  more: object = {},
): Promise<string> {
  const volumeMounts = volumes.map((_volume, i) => ({ name: `v${i}`, mountPath: `/v${i}` }));
  f.create(`${core}/pods`, {
    metadata: { name: 'p', labels: { l: '1' } },
    spec: {
      restartPolicy: 'Never',
      containers: [{ name: 'c', image, command: ['sh', '-c', script], volumeMounts, ...more }],
      volumes: volumes.map((volume, i) => ({ name: `v${i}`, ...volume })),
    },
  });
  await f.until(() => (f.get(`${core}/pods/p`).status as { phase?: string }).phase === 'Succeeded');
  return f.send('GET', `${core}/pods/p/log`).body as string;
}

/** Runs a pod that prints a file over and over, and waits for it to print `first`; later ones with what is returned. */
async function follows(core: string, volume: Volume, file: string, first: string) {
  const script = `while true; do cat /v/${file} 2>/dev/null; echo; sleep 2; done`;
  f.create(`${core}/pods`, {
    metadata: { name: 'p', labels: { l: 'one' }, annotations: { a: 'one' } },
    spec: {
      containers: [
        { name: 'c', image, command: ['sh', '-c', script], volumeMounts: [{ name: 'v', mountPath: '/v' }] },
      ],
      volumes: [{ name: 'v', ...volume }],
    },
  });
  const prints = (text: string) => {
    const { status, body } = f.send('GET', `${core}/pods/p/log`);
    return status === 200 && (body as string).includes(text);
  };
  await f.until(() => prints(first));
  return (text: string) => f.until(() => prints(text), 180);
}

const data = { 'data-1': 'value-1', 'data-2': 'value-2' };
const items = [{ key: 'data-2', path: 'path/to/data-2' }];

function addConfigMap(core: string, name: string, more: object = { data }): void {
  f.create(`${core}/configmaps`, { metadata: { name }, ...more });
}
function addSecret(core: string, name: string, stringData: object = data): void {
  f.create(`${core}/secrets`, { metadata: { name }, stringData });
}

/** A kind of object that shows in volumes: how it is made, and the volume that shows it. */
interface Shown {
  readonly path: string;
  add(core: string, name: string, values?: Record<string, string>): void;
  change(values: Record<string, string>): object;
  volume(name: string, more?: object): Volume;
}

const configMap: Shown = {
  path: 'configmaps',
  add: (core, name, values = data) => addConfigMap(core, name, { data: values }),
  change: (values) => ({ data: values }),
  volume: (name, more) => ({ configMap: { name, ...more } }),
};
const secret: Shown = {
  path: 'secrets',
  add: (core, name, values = data) => addSecret(core, name, values),
  change: (values) => ({
    data: Object.fromEntries(Object.entries(values).map(([key, text]) => [key, encodeBase64(text)])),
  }),
  volume: (secretName, more) => ({ secret: { secretName, ...more } }),
};
/** In a projected volume the default mode is the whole volume's. */
const projected = (
  source: string,
  name: string,
  { defaultMode, ...more }: { defaultMode?: number } = {},
) => ({
  projected: {
    sources: [{ [source]: { name, ...more } }],
    ...(defaultMode !== undefined && { defaultMode }),
  },
});
const projectedConfigMap: Shown = {
  ...configMap,
  volume: (name, more) => projected('configMap', name, more),
};
const projectedSecret: Shown = { ...secret, volume: (name, more) => projected('secret', name, more) };

async function whole(kind: Shown): Promise<void> {
  const core = await f.namespace();
  kind.add(core, 'o');
  expect(await shown(core, [kind.volume('o')], 'cat /v0/data-1; ls /v0')).toBe('value-1data-1\ndata-2\n');
}

async function mapped(kind: Shown): Promise<void> {
  const core = await f.namespace();
  kind.add(core, 'o');
  expect(await shown(core, [kind.volume('o', { items })], 'cat /v0/path/to/data-2; ls /v0')).toBe(
    'value-2path\n',
  );
}

async function twice(kind: Shown): Promise<void> {
  const core = await f.namespace();
  kind.add(core, 'o');
  const both = [kind.volume('o'), kind.volume('o')];
  expect(await shown(core, both, 'cat /v0/data-1 /v1/data-1')).toBe('value-1value-1');
}

async function updated(kind: Shown): Promise<void> {
  const core = await f.namespace();
  kind.add(core, 'o');
  const later = await follows(core, kind.volume('o'), 'data-1', 'value-1');
  f.patch(`${core}/${kind.path}/o`, kind.change({ 'data-1': 'value-changed' }));
  await later('value-changed');
}

/** An object that comes, after the pod, where the volume says that it need not be there. */
async function appears(kind: Shown): Promise<void> {
  const core = await f.namespace();
  const later = await follows(core, kind.volume('o', { optional: true }), 'data-1', '');
  kind.add(core, 'o');
  await later('value-1');
}

/** That a file is for its owner alone to read, by the volume's default or by its own mode. */
async function closed(kind: Shown, more: object, file: string): Promise<void> {
  const core = await f.namespace();
  kind.add(core, 'o');
  expect(await shown(core, [kind.volume('o', more)], `stat -c %A /v0/${file}; cat /v0/${file}`)).toBe(
    `-r--------\nvalue-${file.at(-1)}`,
  );
}

const ownerReads = 0o400;
const closedItems = { items: items.map((item) => ({ ...item, mode: ownerReads })) };
const byDefault = (kind: Shown) => closed(kind, { defaultMode: ownerReads }, 'data-1');
const byItem = (kind: Shown) => closed(kind, closedItems, 'path/to/data-2');

// Upstream: test/e2e/common/storage/configmap_volume.go
describe('sig-storage/ConfigMap', () => {
  test('should be consumable from pods in volume', () => whole(configMap));
  test('should be consumable from pods in volume with defaultMode set', () => byDefault(configMap));
  test('should be consumable from pods in volume with mappings', () => mapped(configMap));
  test('should be consumable from pods in volume with mappings and Item mode set', () => byItem(configMap));
  test('should be consumable in multiple volumes in the same pod', () => twice(configMap));
  test('updates should be reflected in volume', () => updated(configMap));
  test('optional updates should be reflected in volume', () => appears(configMap));

  test('binary data should be reflected in volume', async () => {
    const core = await f.namespace();
    addConfigMap(core, 'o', { data: { 'data-1': 'value-1' }, binaryData: { 'dump.bin': '3sr+utD+/w==' } });
    const script = 'cat /v0/data-1; hexdump -C /v0/dump.bin | cut -c11-30';
    expect(await shown(core, [configMap.volume('o')], script)).toBe('value-1de ca fe ba d0 fe ff\n\n');
  });
});

// Upstream: test/e2e/common/storage/secrets_volume.go
describe('sig-storage/Secrets', () => {
  test('should be consumable from pods in volume', () => whole(secret));
  test('should be consumable from pods in volume with defaultMode set', () => byDefault(secret));
  test('should be consumable from pods in volume with mappings', () => mapped(secret));
  test('should be consumable from pods in volume with mappings and Item Mode set', () => byItem(secret));
  test('should be consumable in multiple volumes in a pod', () => twice(secret));
  test('optional updates should be reflected in volume', () => appears(secret));

  test('should be able to mount in a volume regardless of a different secret existing with same name in different namespace', async () => {
    const other = await f.namespace();
    addSecret(other, 'o', { 'data-1': 'other' });
    await whole(secret);
  });
});

/** What a volume of the downward API shows of the pod, and how it is made part of a pod. */
function downward(volumeOf: (entries: readonly object[], more?: object) => Volume) {
  const field = (path: string, fieldPath: string) => volumeOf([{ path, fieldRef: { fieldPath } }]);
  const resource = (name: string) =>
    volumeOf([{ path: 'amount', resourceFieldRef: { containerName: 'c', resource: name } }]);
  const resources = {
    requests: { cpu: '250m', memory: '32Mi' },
    limits: { cpu: '1250m', memory: '64Mi' },
  };
  const podname = { path: 'podname', fieldRef: { fieldPath: 'metadata.name' } };
  const mode = async (volume: Volume) =>
    expect(await shown(await f.namespace(), [volume], 'stat -c %A /v0/podname')).toBe('-r--------\n');
  return {
    defaultMode: () => mode(volumeOf([podname], { defaultMode: ownerReads })),
    itemMode: () => mode(volumeOf([{ ...podname, mode: ownerReads }])),
    name: async () =>
      expect(await shown(await f.namespace(), [field('podname', 'metadata.name')], 'cat /v0/podname')).toBe(
        'p',
      ),
    amount: async (name: string, amount: string) =>
      expect(await shown(await f.namespace(), [resource(name)], 'cat /v0/amount', { resources })).toBe(
        amount,
      ),
    ofNode: async (name: string) =>
      expect(await shown(await f.namespace(), [resource(name)], 'cat /v0/amount')).toMatch(/^[1-9]\d*$/),
    changes: async (what: 'labels' | 'annotations', key: string) => {
      const core = await f.namespace();
      const later = await follows(core, field('meta', `metadata.${what}`), 'meta', `${key}="one"`);
      f.patch(`${core}/pods/p`, { metadata: { [what]: { [key]: 'two' } } });
      await later(`${key}="two"`);
    },
  };
}

const downwardItems = downward((entries, more) => ({ downwardAPI: { items: entries, ...more } }));
const projectedItems = downward((entries, more) => ({
  projected: { sources: [{ downwardAPI: { items: entries } }], ...more },
}));

// Upstream: test/e2e/common/storage/downwardapi_volume.go
describe('sig-storage/Downward API volume', () => {
  const { name, amount, ofNode, changes, defaultMode, itemMode } = downwardItems;
  test('should provide podname only', name);
  test('should set DefaultMode on files', defaultMode);
  test('should set mode on item file', itemMode);
  test("should provide container's cpu limit", () => amount('limits.cpu', '2'));
  test("should provide container's memory limit", () => amount('limits.memory', '67108864'));
  test("should provide container's cpu request", () => amount('requests.cpu', '1'));
  test("should provide container's memory request", () => amount('requests.memory', '33554432'));
  test('should provide node allocatable (cpu) as default cpu limit if the limit is not set', () =>
    ofNode('limits.cpu'));
  test('should provide node allocatable (memory) as default memory limit if the limit is not set', () =>
    ofNode('limits.memory'));
  test('should update labels on modification', () => changes('labels', 'l'));
  test('should update annotations on modification', () => changes('annotations', 'a'));
});

// Upstream: test/e2e/common/storage/projected_{configmap,secret,combined}.go
describe('sig-storage/Projected', () => {
  test('configMap should be consumable from pods in volume', () => whole(projectedConfigMap));
  test('configMap should be consumable from pods in volume with defaultMode set', () =>
    byDefault(projectedConfigMap));
  test('configMap should be consumable from pods in volume with mappings', () => mapped(projectedConfigMap));
  test('configMap should be consumable from pods in volume with mappings and Item mode set', () =>
    byItem(projectedConfigMap));
  test('configMap should be consumable in multiple volumes in the same pod', () => twice(projectedConfigMap));
  test('configMap updates should be reflected in volume', () => updated(projectedConfigMap));
  test('configMap optional updates should be reflected in volume', () => appears(projectedConfigMap));
  test('secret should be consumable from pods in volume', () => whole(projectedSecret));
  test('secret should be consumable from pods in volume with defaultMode set', () =>
    byDefault(projectedSecret));
  test('secret should be consumable from pods in volume with mappings', () => mapped(projectedSecret));
  test('secret should be consumable from pods in volume with mappings and Item Mode set', () =>
    byItem(projectedSecret));
  test('secret should be consumable in multiple volumes in a pod', () => twice(projectedSecret));
  test('secret optional updates should be reflected in volume', () => appears(projectedSecret));
  const { name, amount, ofNode, changes, defaultMode, itemMode } = projectedItems;
  test('downwardAPI should provide podname only', name);
  test('downwardAPI should set DefaultMode on files', defaultMode);
  test('downwardAPI should set mode on item file', itemMode);
  test("downwardAPI should provide container's cpu limit", () => amount('limits.cpu', '2'));
  test("downwardAPI should provide container's memory limit", () => amount('limits.memory', '67108864'));
  test("downwardAPI should provide container's cpu request", () => amount('requests.cpu', '1'));
  test("downwardAPI should provide container's memory request", () => amount('requests.memory', '33554432'));
  test('downwardAPI should provide node allocatable (cpu) as default cpu limit if the limit is not set', () =>
    ofNode('limits.cpu'));
  test('downwardAPI should provide node allocatable (memory) as default memory limit if the limit is not set', () =>
    ofNode('limits.memory'));
  test('downwardAPI should update labels on modification', () => changes('labels', 'l'));
  test('downwardAPI should update annotations on modification', () => changes('annotations', 'a'));

  test('combined should project all components that make up the projection API', async () => {
    const core = await f.namespace();
    addConfigMap(core, 'c', { data: { 'configmap-data': 'configmap-value-1' } });
    addSecret(core, 's', { 'secret-data': 'secret-value-1' });
    const sources = [
      { downwardAPI: { items: [{ path: 'podname', fieldRef: { fieldPath: 'metadata.name' } }] } },
      { secret: { name: 's' } },
      { configMap: { name: 'c' } },
    ];
    const script = 'cat /v0/podname /v0/secret-data /v0/configmap-data';
    expect(await shown(core, [{ projected: { sources } }], script)).toBe('psecret-value-1configmap-value-1');
  });
});

// Upstream: test/e2e/common/storage/empty_dir.go, test/e2e/storage/empty_dir_wrapper.go
describe('sig-storage/EmptyDir volumes', () => {
  test('pod should support shared volumes between containers', async () => {
    const core = await f.namespace();
    const volumeMounts = [{ name: 'v', mountPath: '/shared' }];
    const command = (script: string) => ['sh', '-c', script];
    f.create(`${core}/pods`, {
      metadata: { name: 'p' },
      spec: {
        restartPolicy: 'Never',
        containers: [
          { name: 'reader', image, volumeMounts, command: command('sleep 5; cat /shared/note') },
          { name: 'writer', image, volumeMounts, command: command('echo Hello > /shared/note') },
        ],
        volumes: [{ name: 'v', emptyDir: {} }],
      },
    });
    await f.until(() => (f.get(`${core}/pods/p`).status as { phase?: string }).phase === 'Succeeded');
    const { body } = f.send('GET', `${core}/pods/p/log`, undefined, { query: { container: 'reader' } });
    expect(body).toBe('Hello\n');
  });
});

describe('sig-storage/EmptyDir wrapper volumes', () => {
  test('should not conflict', async () => {
    const core = await f.namespace();
    addConfigMap(core, 'o');
    addSecret(core, 'o');
    const volumes = [configMap.volume('o'), secret.volume('o')];
    expect(await shown(core, volumes, 'cat /v0/data-1 /v1/data-2')).toBe('value-1value-2');
  });

  test('should not cause race condition when used for configmaps', async () => {
    const core = await f.namespace();
    const names = Array.from({ length: 50 }, (_, i) => `racey-configmap-${i}`);
    for (const name of names) addConfigMap(core, name);
    for (const round of ['a', 'b', 'c']) {
      const labels = { round };
      const volumeMounts = names.map((name) => ({ name, mountPath: `/etc/${name}` }));
      const volumes = names.map((name) => ({ name, configMap: { name, items: [items[0]] } }));
      f.create(`${core}/replicationcontrollers`, {
        metadata: { name: round },
        spec: {
          replicas: 5,
          selector: labels,
          template: {
            metadata: { labels },
            spec: {
              containers: [{ name: 'c', image, command: ['sleep', '10000'], volumeMounts }],
              volumes,
              terminationGracePeriodSeconds: 0,
            },
          },
        },
      });
      const phases = () =>
        f
          .get(`${core}/pods`, { labelSelector: `round=${round}` })
          .items.map(({ status }) => (status as { phase?: string }).phase);
      await f.until(() => phases().filter((phase) => phase === 'Running').length === 5);
      f.delete(`${core}/replicationcontrollers/${round}`);
      await f.until(() => phases().length === 0);
    }
  });
});

// Upstream: test/e2e/storage/subpath.go
describe('sig-storage/Subpath', () => {
  const podName = { path: 'data-1', fieldRef: { fieldPath: 'metadata.name' } };
  test.each<[name: string, volume: Volume, text: string]>([
    ['Atomic writer volumes should support subpaths with configmap pod', configMap.volume('o'), 'value-1'],
    ['Atomic writer volumes should support subpaths with secret pod', secret.volume('o'), 'value-1'],
    [
      'Atomic writer volumes should support subpaths with downward pod',
      { downwardAPI: { items: [podName] } },
      'p',
    ],
    [
      'Atomic writer volumes should support subpaths with projected pod',
      { projected: { sources: [{ downwardAPI: { items: [podName] } }] } },
      'p',
    ],
  ])('%s', async (_name, volume, text) => {
    const core = await f.namespace();
    addConfigMap(core, 'o');
    addSecret(core, 'o');
    const volumeMounts = [{ name: 'v0', mountPath: '/file', subPath: 'data-1' }];
    expect(await shown(core, [volume], 'cat /file', { volumeMounts })).toBe(text);
  });

  test('Atomic writer volumes should support subpaths with configmap pod with mountPath of existing file', async () => {
    const core = await f.namespace();
    addConfigMap(core, 'o');
    const volumeMounts = [{ name: 'v0', mountPath: '/etc/resolv.conf', subPath: 'data-1' }];
    expect(await shown(core, [configMap.volume('o')], 'cat /etc/resolv.conf', { volumeMounts })).toBe(
      'value-1',
    );
  });
});
