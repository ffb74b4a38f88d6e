import { expect, test } from 'vitest';
import { encodeBase64 } from '#kubernetes/api/base64.ts';
import { certificateSigningRequests } from '#kubernetes/api/certificates/certificateSigningRequest.ts';
import { certificateOf } from '#kubernetes/api/testing/certificates.ts';
import { requests } from '#kubernetes/api/testing/certificateRequests.ts';
import { formatTime } from '#kubernetes/apimachinery/time.ts';
import { certificateSigningController } from '../certificatesigning/certificateSigningController.ts';
import { TestCluster } from '../testCluster.ts';
import { certificateCleanerController } from './certificateCleanerController.ts';

const hours = (count: number) => count * 3_600_000;

// Upstream: pkg/controller/certificates/cleaner/cleaner_test.go
test.each<[string, string | null, boolean, number, number]>([
  ['a pending one', null, false, 24, 26],
  ['a denied one', 'Denied', false, 1, 3],
  ['a failed one', 'Failed', false, 1, 3],
  ['one that was issued', 'Approved', true, 1, 3],
])('%s stays for a while', (_what, decision, isIssued, stays, goes) => {
  const cluster = new TestCluster([certificateCleanerController]);
  const spec = { request: requests.jane, signerName: 'example.com/s', usages: ['client auth'] } as never;
  cluster.client.create(certificateSigningRequests, { metadata: { name: 'x' }, spec });
  cluster.run();
  if (decision !== null) {
    const lastUpdateTime = formatTime(cluster.simulation.nowMs);
    const conditions = [{ type: decision, status: 'True', reason: 'R', lastUpdateTime }];
    const door = decision === 'Failed' ? 'status' : 'approval';
    cluster.patch(certificateSigningRequests, 'x', { status: { conditions } }, door);
  }
  if (isIssued) {
    const certificate = encodeBase64(certificateOf('jane'));
    cluster.patch(certificateSigningRequests, 'x', { status: { certificate } }, 'status');
  }
  const isThere = () => cluster.client.list(certificateSigningRequests).items.length === 1;
  cluster.run(hours(stays) - 60_000);
  expect(isThere()).toBe(true);
  cluster.run(hours(goes - stays));
  expect(isThere()).toBe(false);
});

test('what was approved and not issued stays, and so does what its certificate outlives', () => {
  const cluster = new TestCluster([certificateCleanerController, certificateSigningController]);
  const make = (name: string, signerName: string) => {
    const spec = { request: requests.jane, signerName, usages: ['client auth'] } as never;
    cluster.client.create(certificateSigningRequests, { metadata: { name }, spec });
    cluster.run();
    const conditions = [{ type: 'Approved', status: 'True', reason: 'R' }];
    cluster.patch(certificateSigningRequests, name, { status: { conditions } }, 'approval');
    cluster.run();
  };
  make('waiting', 'example.com/nobody');
  make('issued', 'kubernetes.io/kube-apiserver-client');
  cluster.run(hours(30));
  const names = cluster.client.list(certificateSigningRequests).items.map(({ metadata }) => metadata.name);
  expect(names).toEqual(['waiting']);
});
