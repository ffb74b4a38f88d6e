import { expect, test } from 'vitest';
import type { Pod } from '#generated/types/core.v1.ts';
import { filterWith } from '../testPlugin.ts';
import { makeNode, makePod, nodeInfo } from '../testObjects.ts';
import { nodePorts } from './nodePorts.ts';

const refused = ["node(s) didn't have free ports for the requested pod ports"];

/** A pod with one container per list of `protocol/address/port`. */
function claiming(...lists: string[][]): Pod {
  return makePod({
    containers: lists.map((ports, i) => ({
      name: `c${i}`,
      image: 'nginx',
      ports: ports.map((text) => {
        const [protocol, hostIP, port] = text.split('/') as ['TCP' | 'UDP', string, string];
        return { containerPort: Number(port), hostPort: Number(port), hostIP, protocol };
      }),
    })),
  });
}

// Facts from upstream's TestNodePorts.
test.each<[string, Pod, Pod[], readonly string[] | 'fits']>([
  ['nothing wanted', makePod(), [], 'fits'],
  ['another port', claiming(['UDP/127.0.0.1/8080']), [claiming(['UDP/127.0.0.1/9090'])], 'fits'],
  ['same udp port', claiming(['UDP/127.0.0.1/8080']), [claiming(['UDP/127.0.0.1/8080'])], refused],
  ['same tcp port', claiming(['TCP/127.0.0.1/8080']), [claiming(['TCP/127.0.0.1/8080'])], refused],
  ['another host ip', claiming(['TCP/127.0.0.1/8080']), [claiming(['TCP/127.0.0.2/8080'])], 'fits'],
  ['another protocol', claiming(['UDP/127.0.0.1/8080']), [claiming(['TCP/127.0.0.1/8080'])], 'fits'],
  [
    'a second port of several',
    claiming(['UDP/127.0.0.1/8000', 'UDP/127.0.0.1/8080']),
    [claiming(['UDP/127.0.0.1/8080'])],
    refused,
  ],
  [
    'the port of another container',
    claiming(['TCP/127.0.0.1/8001'], ['UDP/127.0.0.1/8080']),
    [claiming(['TCP/127.0.0.1/8001', 'UDP/127.0.0.1/8001'])],
    refused,
  ],
  ['all addresses against one', claiming(['TCP/0.0.0.0/8001']), [claiming(['TCP/127.0.0.1/8001'])], refused],
  ['one against all addresses', claiming(['TCP/127.0.0.1/8001']), [claiming(['TCP/0.0.0.0/8001'])], refused],
  [
    'all addresses, another protocol',
    claiming(['TCP/127.0.0.1/8001']),
    [claiming(['UDP/0.0.0.0/8001'])],
    'fits',
  ],
])('%s', (_name, pod, present, expected) => {
  expect(filterWith(nodePorts, pod, nodeInfo(makeNode('a'), ...present))).toEqual(expected);
});

test('a port is free again when its pod is gone', () => {
  const node = nodeInfo(makeNode('a'));
  const holder = claiming(['TCP/0.0.0.0/80']);
  node.addPod(holder);
  node.removePod(holder);
  expect(filterWith(nodePorts, claiming(['TCP/0.0.0.0/80']), node)).toBe('fits');
});

test.each([
  ['the port that is wanted', claiming(['TCP/0.0.0.0/80']), true],
  ['another port', claiming(['TCP/0.0.0.0/81']), false],
])('hint: a pod went that held %s', (_name, gone, expected) => {
  expect(nodePorts.hints!.AssignedPodDelete!(claiming(['TCP/1.2.3.4/80']), gone, undefined)).toBe(expected);
});
