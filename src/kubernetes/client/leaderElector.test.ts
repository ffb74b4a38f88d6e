import { expect, test } from 'vitest';
import { leases } from '#kubernetes/api/coordination/lease.ts';
import { events } from '#kubernetes/api/core/event.ts';
import { TestServer } from '#kubernetes/apiserver/testing/testServer.ts';
import { Client } from './client.ts';
import { EventRecorder } from './eventRecorder.ts';
import { LeaderElector } from './leaderElector.ts';

const user = { name: 'system:kube-scheduler', groups: ['system:masters'] };

/** Candidates for one lease, by name, each with its own way to the server. */
class Election {
  readonly test = new TestServer();
  readonly cut = new Set<string>();
  readonly told: string[] = [];
  readonly logged: string[] = [];
  readonly #client = new Client(this.test.server.handle, user);

  constructor() {
    this.test.addNamespace('kube-system');
  }

  join(identity: string, { isLeading = false, releasesOnStop = false } = {}): LeaderElector {
    const { simulation, server } = this.test;
    const client = new Client(
      (request) =>
        this.cut.has(identity)
          ? { status: 0, warnings: [], body: 'i/o timeout', latencyMs: 0 }
          : server.handle(request),
      user,
    );
    const say = (what: string) => this.told.push(`${simulation.nowMs / 1000}s ${identity} ${what}`);
    const elector = new LeaderElector({
      simulation,
      client,
      recorder: new EventRecorder(simulation, client, 'default-scheduler'),
      name: 'kube-scheduler',
      identity,
      isLeading,
      releasesOnStop,
      log: (severity, source, line) => this.logged.push(`${severity} ${source}] ${line}`),
      repeat: () => null,
      startedLeading: () => say('leads'),
      stoppedLeading: () => say('lost'),
    });
    elector.start();
    return elector;
  }

  pass(seconds: number): void {
    const { simulation } = this.test;
    simulation.run({ untilMs: simulation.nowMs + seconds * 1000 });
  }

  get lease() {
    return this.#client.get(leases, 'kube-system', 'kube-scheduler').spec;
  }

  get messages(): unknown[] {
    return this.#client.list(events).items.map(({ reason, message }) => `${reason}: ${message}`);
  }
}

test('the first to come leads, and says so every two seconds', () => {
  const election = new Election();
  election.join('a');
  election.join('b');
  election.pass(60);
  expect(election.told).toEqual(['0s a leads']);
  expect(election.messages).toEqual(['LeaderElection: a became leader']);
  expect(election.lease).toEqual({
    holderIdentity: 'a',
    leaseDurationSeconds: 15,
    leaseTransitions: 0,
    acquireTime: '1970-01-01T00:00:00.000000Z',
    renewTime: '1970-01-01T00:01:00.000000Z',
  });
});

test('who has led from before there was a lease makes it and begins nothing', () => {
  const election = new Election();
  election.join('a', { isLeading: true });
  expect(election.told).toEqual([]);
  expect(election.messages).toEqual(['LeaderElection: a became leader']);
});

const seconds = (line: string) => Number.parseFloat(line);

test('a leader that is killed is followed once its lease has stood for fifteen seconds', () => {
  const election = new Election();
  const first = election.join('a');
  election.join('b');
  election.pass(30);
  first.stop();
  election.pass(60);
  expect(election.told.map((line) => line.split(' ').slice(1).join(' '))).toEqual(['a leads', 'b leads']);
  const tookS = seconds(election.told[1]!) - 30;
  expect(tookS).toBeGreaterThan(13);
  expect(tookS).toBeLessThan(24);
  expect(election.lease).toMatchObject({ holderIdentity: 'b', leaseTransitions: 1 });
});

test('a leader that gives its lease back is followed at once', () => {
  const election = new Election();
  const first = election.join('a', { releasesOnStop: true });
  election.join('b');
  election.pass(30);
  first.stop();
  expect(election.lease).toMatchObject({ holderIdentity: '', leaseDurationSeconds: 1 });
  election.pass(5);
  expect(election.told[1]).toMatch(/b leads$/);
});

test('a leader that is cut off stops after ten seconds, before another can begin', () => {
  const election = new Election();
  election.join('a');
  election.join('b');
  election.pass(30);
  election.cut.add('a');
  election.pass(60);
  expect(election.told.map((line) => line.split(' ').slice(1).join(' '))).toEqual([
    'a leads',
    'a lost',
    'b leads',
  ]);
  expect(seconds(election.told[1]!)).toBe(40);
  expect(seconds(election.told[2]!)).toBeGreaterThan(43);
});

test('a server that is away for less than ten seconds costs nobody the lead', () => {
  const election = new Election();
  election.join('a');
  election.pass(30);
  election.test.server.hasStorage = false;
  election.pass(9);
  election.test.server.hasStorage = true;
  election.pass(30);
  expect(election.told).toEqual(['0s a leads']);
});

test('what happens to the lease is logged', () => {
  const election = new Election();
  election.join('a');
  election.pass(3);
  election.cut.add('a');
  election.pass(9);
  const lock = 'lock="kube-system/kube-scheduler"';
  const failed = `E leaderelection.go:452] "Error retrieving lease lock" err="i/o timeout" ${lock}`;
  expect(election.logged).toEqual([
    `I leaderelection.go:258] "Attempting to acquire leader lease..." ${lock}`,
    `I leaderelection.go:272] "Successfully acquired lease" ${lock}`,
    failed,
    failed,
    failed,
    failed,
    failed,
    `I leaderelection.go:299] "Failed to renew lease" ${lock} err="context deadline exceeded"`,
  ]);
});
