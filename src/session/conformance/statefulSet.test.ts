import { beforeAll, describe, expect, test } from 'vitest';
import type { StatefulSet } from '#generated/types/apps.v1.ts';
import type { Pod, PodStatus } from '#generated/types/core.v1.ts';
import { Framework } from './testing/framework.ts';
import { inGroup } from './testing/pods.ts';

const f = new Framework();
beforeAll(() => f.pass(60));

const labels = { foo: 'bar', baz: 'blah' };
const oldImage = 'httpd:2.4';
const newImage = 'httpd:2';
const root = '/usr/local/apache2/htdocs/index.html';
const revisionLabel = 'controller-revision-hash';

/** A web server that is ready for as long as its page is where it belongs. Upstream: setHTTPProbe */
const template = {
  metadata: { labels },
  spec: {
    containers: [
      {
        name: 'webserver',
        image: oldImage,
        readinessProbe: {
          httpGet: { path: '/index.html', port: 80 },
          periodSeconds: 1,
          successThreshold: 1,
          failureThreshold: 1,
        },
      },
    ],
  },
};

/** A StatefulSet in a namespace of its own, with its headless Service. */
class Stateful {
  static async create(name: string, replicas: number, more: object = {}): Promise<Stateful> {
    const core = await f.namespace();
    f.create(`${core}/services`, {
      metadata: { name: 'test' },
      spec: { clusterIP: 'None', selector: labels, ports: [{ port: 80, name: 'http', protocol: 'TCP' }] },
    });
    f.create(`${inGroup(core, '/apis/apps/v1')}/statefulsets`, {
      metadata: { name },
      spec: { serviceName: 'test', replicas, selector: { matchLabels: labels }, template, ...more },
    });
    return new Stateful(core, name);
  }

  readonly pods: string;
  readonly path: string;
  readonly name: string;

  constructor(core: string, name: string) {
    this.name = name;
    this.pods = `${core}/pods`;
    this.path = `${inGroup(core, '/apis/apps/v1')}/statefulsets/${name}`;
  }

  /** Its pods, by ordinal. */
  list(): readonly Pod[] {
    const ordinal = ({ metadata: { name } }: Pod) => Number(name.slice(name.lastIndexOf('-') + 1));
    const items = f.get(this.pods, { labelSelector: 'baz=blah' }).items as unknown as readonly Pod[];
    return items.toSorted((a, b) => ordinal(a) - ordinal(b));
  }

  pod(ordinal: number): string {
    return `${this.pods}/${this.name}-${ordinal}`;
  }

  get status(): StatefulSet['status'] & object {
    return f.get(this.path).status as StatefulSet['status'] & object;
  }

  /** Waits until so many pods run, of which so many are ready. */
  async running(count: number, ready = count): Promise<void> {
    await f.until(() => {
      const all = this.list();
      return (
        all.length === count &&
        all.every(({ status }) => status?.phase === 'Running') &&
        all.filter(isReady).length === ready
      );
    });
  }

  /** Waits until the controller has seen the spec. */
  async observed(): Promise<StatefulSet['status'] & object> {
    await f.until(() => this.status.observedGeneration === f.get(this.path).metadata.generation);
    return this.status;
  }

  scale(replicas: number): void {
    f.patch(`${this.path}/scale`, { spec: { replicas } });
  }

  setImage(image: string): void {
    const [container] = template.spec.containers;
    f.patch(this.path, { spec: { template: { spec: { containers: [{ ...container, image }] } } } });
  }

  setPartition(partition: number): void {
    f.patch(this.path, { spec: { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition } } } });
  }

  async breakProbe(ordinal: number): Promise<void> {
    await f.exec(this.pod(ordinal), `mv -v ${root} /tmp/ || true`);
    await f.until(() => !isReady(this.list()[ordinal]!));
  }

  async restoreProbe(ordinal: number): Promise<void> {
    await f.exec(this.pod(ordinal), `mv -v /tmp/index.html ${root} || true`);
    await f.until(() => isReady(this.list()[ordinal]!));
  }

  /** Each pod's image and revision, by ordinal. */
  versions(): string[] {
    return this.list().map(
      ({ metadata, spec }) => `${spec.containers[0]!.image} ${metadata.labels?.[revisionLabel]}`,
    );
  }
}

const isReady = (pod: Pod) =>
  pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') === true;

// Upstream: test/e2e/apps/statefulset.go
describe('sig-apps/StatefulSet', () => {
  test('Scaling should happen in predictable order and halt if any stateful pod is unhealthy', async () => {
    const set = await Stateful.create('ss', 1);
    const seen = f.watch(set.pods, { labelSelector: 'baz=blah' });
    const order = (type: string) =>
      seen.filter((event) => event.type === type).map(({ object }) => object.metadata.name);
    await set.running(1);
    await set.breakProbe(0);
    set.scale(3);
    await f.pass(10);
    expect(f.names(set.pods)).toEqual(['ss-0']);
    await set.restoreProbe(0);
    await set.running(3);
    expect(order('ADDED')).toEqual(['ss-0', 'ss-1', 'ss-2']);

    for (const ordinal of [0, 1, 2]) await set.breakProbe(ordinal);
    await set.running(3, 0);
    set.scale(0);
    await f.pass(10);
    expect(f.names(set.pods)).toHaveLength(3);
    for (const ordinal of [0, 1, 2]) await f.exec(set.pod(ordinal), `mv -v /tmp/index.html ${root} || true`);
    await f.until(() => set.list().length === 0);
    await f.pass(1);
    expect(order('DELETED')).toEqual(['ss-2', 'ss-1', 'ss-0']);
  });

  test('Burst scaling should run to completion even with unhealthy pods', async () => {
    const set = await Stateful.create('ss', 1, { podManagementPolicy: 'Parallel' });
    await set.running(1);
    await set.breakProbe(0);
    set.scale(3);
    await set.running(3, 2);
    await set.restoreProbe(0);
    await set.running(3);
    for (const ordinal of [0, 1, 2]) await set.breakProbe(ordinal);
    set.scale(0);
    await f.until(() => set.list().length === 0);
    await f.until(() => set.status.replicas === 0);
  });

  test('Should recreate evicted statefulset', async () => {
    const core = await f.namespace();
    const port = { containerPort: 21017, hostPort: 21017, name: 'conflict' };
    const containers = [{ name: 'webserver', image: oldImage, ports: [port] }];
    const spec = { nodeName: 'node-1', containers };
    f.create(`${core}/pods`, { metadata: { name: 'test-pod' }, spec });
    await f.until(() => (f.get(`${core}/pods/test-pod`).status as PodStatus).phase === 'Running');
    const seen = f.watch(`${core}/pods`, { labelSelector: 'baz=blah' });
    const sets = `${inGroup(core, '/apis/apps/v1')}/statefulsets`;
    f.create(sets, {
      metadata: { name: 'ss' },
      spec: {
        serviceName: 'test',
        replicas: 1,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec },
      },
    });
    await f.until(() => seen.some(({ type }) => type === 'DELETED'));
    const failed = seen.find(({ object }) => (object.status as PodStatus).phase === 'Failed')!;
    expect(failed.object.status).toMatchObject({ reason: 'NodePorts' });
    f.delete(`${core}/pods/test-pod`);
    await f.until(() => {
      const path = `${core}/pods/ss-0`;
      return f.has(path) && (f.get(path).status as PodStatus).phase === 'Running';
    });
    expect(f.get(`${core}/pods/ss-0`).metadata.uid).not.toBe(failed.object.metadata.uid);
  });

  test('should perform rolling updates and roll backs of template modifications', async () => {
    const set = await Stateful.create('ss2', 3);
    await set.running(3);
    const seen = f.watch(set.pods, { labelSelector: 'baz=blah' });
    const first = await set.observed();
    expect(first.currentRevision).toBe(first.updateRevision);
    const at = (image: string, revision = '') => Array<string>(3).fill(`${image} ${revision}`);
    expect(set.versions()).toEqual(at(oldImage, first.currentRevision));

    /** A pod that is not ready halts the update, which goes from the last ordinal to the first. */
    const rolls = async (image: string) => {
      await set.breakProbe(1);
      seen.length = 0;
      set.setImage(image);
      const during = await set.observed();
      expect(during.updateRevision).not.toBe(during.currentRevision);
      await f.pass(10);
      expect(seen.filter(({ type }) => type === 'DELETED')).toEqual([]);
      await set.restoreProbe(1);
      await f.until(() => set.status.currentRevision === during.updateRevision);
      await set.running(3);
      expect(set.versions()).toEqual(at(image, during.updateRevision));
      const gone = seen.filter(({ type }) => type === 'DELETED').map(({ object }) => object.metadata.name);
      expect(gone).toEqual(['ss2-2', 'ss2-1', 'ss2-0']);
      return during.updateRevision;
    };
    expect(await rolls(newImage)).not.toBe(first.currentRevision);
    expect(await rolls(oldImage), 'the template of before is the revision of before').toBe(
      first.currentRevision,
    );
    expect(f.names(set.path.replace(/statefulsets.*/, 'controllerrevisions'))).toHaveLength(2);
  });

  test('should perform canary updates and phased rolling updates of template modifications', async () => {
    const updateStrategy = { type: 'RollingUpdate', rollingUpdate: { partition: 3 } };
    const set = await Stateful.create('ss2', 3, { updateStrategy });
    await set.running(3);
    const { currentRevision = '' } = await set.observed();
    set.setImage(newImage);
    const { updateRevision = '', currentRevision: still } = await set.observed();
    expect(still).toBe(currentRevision);
    expect(updateRevision).not.toBe(currentRevision);
    const split = (partition: number) =>
      [0, 1, 2].map((ordinal) =>
        ordinal < partition ? `${oldImage} ${currentRevision}` : `${newImage} ${updateRevision}`,
      );
    await f.pass(10);
    expect(set.versions(), 'a partition above the replicas').toEqual(split(3));

    set.setPartition(2);
    await f.until(() => String(set.versions()) === String(split(2)));
    await set.running(3);

    for (const ordinal of [0, 2]) f.delete(set.pod(ordinal));
    await f.until(() => set.list().length < 3);
    await set.running(3);
    expect(set.versions(), 'pods that were deleted meanwhile').toEqual(split(2));

    for (const partition of [1, 0]) {
      set.setPartition(partition);
      await f.until(() => String(set.versions()) === String(split(partition)));
      await set.running(3);
    }
    expect((await set.observed()).currentRevision).toBe(updateRevision);
  });
});
