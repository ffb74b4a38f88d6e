import { beforeAll, describe, expect, test } from 'vitest';
import type { PodStatus } from '#generated/types/core.v1.ts';
import { Framework } from './testing/framework.ts';
import { agnhost } from './testing/pods.ts';

const f = new Framework();
beforeAll(() => f.pass(60));

const statusOf = (path: string) => f.get(path).status as PodStatus;
const isReady = (path: string) =>
  statusOf(path).conditions?.find(({ type }) => type === 'Ready')?.status === 'True';

const httpPort = 8083;
const udpPort = 8081;

/** Two pods that answer, on a node each, and who asks them: a pod, and one in its node's network. */
async function networked() {
  const core = await f.namespace();
  const make = async (name: string, args: readonly string[], spec: object = {}) => {
    const containers = [{ name: 'webserver', image: agnhost, args }];
    f.create(`${core}/pods`, { metadata: { name }, spec: { containers, ...spec } });
    await f.until(() => isReady(`${core}/pods/${name}`));
    return { name, path: `${core}/pods/${name}`, ip: statusOf(`${core}/pods/${name}`).podIP! };
  };
  const serve = ['netexec', `--http-port=${httpPort}`, `--udp-port=${udpPort}`];
  return {
    servers: [
      await make('netserver-0', serve, { nodeName: 'node-1' }),
      await make('netserver-1', serve, { nodeName: 'node-2' }),
    ],
    pod: await make('test-container-pod', ['netexec', '--http-port=9080', '--udp-port=9081']),
    host: await make('host-test-container-pod', ['pause'], { hostNetwork: true, nodeName: 'node-1' }),
  };
}

// Upstream: test/e2e/common/network/networking.go
describe('sig-network/Networking Granular Checks', () => {
  async function fromPod(protocol: 'http' | 'udp'): Promise<void> {
    const { servers, pod } = await networked();
    const port = protocol === 'http' ? httpPort : udpPort;
    for (const { name, ip } of servers) {
      const dial = `request=hostname&protocol=${protocol}&host=${ip}&port=${port}&tries=1`;
      const printed = await f.exec(pod.path, `curl -g -q -s 'http://${pod.ip}:9080/dial?${dial}'`);
      expect(JSON.parse(printed)).toEqual({ responses: [name] });
    }
    const dial = `request=hostname&protocol=${protocol}&host=${servers[0]!.ip}&port=9&tries=1`;
    const printed = await f.exec(pod.path, `curl -g -q -s 'http://${pod.ip}:9080/dial?${dial}'`);
    expect(printed).toMatch(/^\{"errors":\[".*connection refused'?"\]\}$/);
  }

  test('Pods should function for intra-pod communication: http', () => fromPod('http'));
  test('Pods should function for intra-pod communication: udp', () => fromPod('udp'));

  test('Pods should function for node-pod communication: http', async () => {
    const { servers, host } = await networked();
    for (const { name, ip } of servers) {
      const line = `curl -g -q -s --max-time 15 --connect-timeout 1 http://${ip}:${httpPort}/hostName`;
      expect(await f.exec(host.path, line)).toBe(name);
    }
  });

  test('Pods should function for node-pod communication: udp', async () => {
    const { servers, host } = await networked();
    for (const { name, ip } of servers)
      expect(await f.exec(host.path, `echo hostName | nc -w 1 -u ${ip} ${udpPort}`)).toBe(name);
  });
});
