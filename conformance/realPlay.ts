import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Bridge } from '../src/bridge/bridge.ts';
import { kubeconfigText } from '../src/bridge/kubeconfig.ts';
import type { Block } from '../src/session/testTranscript.ts';
import { objectsOf } from './objects.ts';
import { fileOf, scenario, startMs, typingMs, upstreamOnly, waitOf, withExitCode } from './transcripts.ts';

/** Wall-clock ms without a request after which kubectl counts as waiting, so that virtual time may pass. */
const quietMs = 120;
/** Virtual ms that pass between two looks at it then. */
const stepMs = 100;
const lookMs = 2;
/** Wall-clock ms that a command line may take. */
const commandMsMax = 60_000;

/** A person's shell with the real kubectl before a bridge; time passes when kubectl waits for it. */
export class RealPlay {
  readonly #bridge: Bridge;
  readonly #home: string;
  readonly #environment: Record<string, string>;
  #askedMs = 0;
  #requests = 0;

  private constructor(bridge: Bridge, home: string, kubectl: string) {
    this.#bridge = bridge;
    this.#home = home;
    mkdirSync(join(home, '.bin'));
    symlinkSync(kubectl, join(home, '.bin', 'kubectl'));
    mkdirSync(join(home, '.kube'));
    const config = kubeconfigText(bridge.url, bridge.user, bridge.certificates);
    writeFileSync(join(home, '.kube', 'config'), config);
    this.#environment = {
      HOME: home,
      PATH: `${join(home, '.bin')}:/usr/bin:/bin`,
      LC_ALL: 'C.UTF-8',
      KUBE_EDITOR: 'true',
    };
    const { apiServer } = bridge.session.cluster;
    const { handle } = apiServer;
    apiServer.handle = (request) => {
      if (request.userAgent?.startsWith('kubectl')) {
        this.#askedMs = performance.now();
        this.#requests++;
      }
      return handle(request);
    };
  }

  static async open(kubectl: string): Promise<RealPlay> {
    const bridge = new Bridge({
      scenario,
      seed: 'transcript',
      host: '127.0.0.1',
      port: 0,
      http: false,
      speed: 1,
    });
    await bridge.listen(startMs);
    return new RealPlay(bridge, mkdtempSync(join(tmpdir(), 'podarium-kubectl-')), kubectl);
  }

  async close(): Promise<void> {
    await this.#bridge.close();
    rmSync(this.#home, { recursive: true, force: true });
  }

  /** Does one act of a transcript and returns what came of it. */
  async act(act: string): Promise<string> {
    if (act === '@objects') return objectsOf(this.#bridge.session);
    const waitMs = waitOf(act);
    const file = fileOf(act);
    if (waitMs !== null) await this.#bridge.driver.skip(waitMs);
    else if (file !== null) {
      mkdirSync(dirname(join(this.#home, file.path)), { recursive: true });
      writeFileSync(join(this.#home, file.path), file.text);
    } else {
      await this.#bridge.driver.skip(typingMs);
      return this.#run(upstreamOnly(act) ?? act);
    }
    return '';
  }

  async #run(line: string): Promise<string> {
    const child = spawn('bash', ['-c', `exec 2>&1\n${line}`], {
      cwd: this.#home,
      env: this.#environment,
      stdio: ['ignore', 'pipe', 'ignore'],
      detached: true,
    });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    const ended = { code: null as number | null };
    child.once('close', (exitCode) => (ended.code = exitCode ?? 1));
    const startedMs = performance.now();
    const asked = this.#requests;
    while (ended.code === null) {
      await sleep(lookMs);
      const nowMs = performance.now();
      // With all that it started, which would keep its output open.
      if (nowMs - startedMs > commandMsMax) process.kill(-child.pid!);
      // What was written at this instant is committed in the next few ms of virtual time.
      const waits = this.#requests > asked && nowMs - this.#askedMs > quietMs;
      await this.#bridge.driver.skip(waits ? stepMs : lookMs);
    }
    return withExitCode(output, ended.code);
  }
}

/** Plays a whole transcript with the real kubectl. */
export async function playReal(blocks: readonly Block[], kubectl: string): Promise<readonly Block[]> {
  const play = await RealPlay.open(kubectl);
  try {
    const played: Block[] = [];
    for (const block of blocks) played.push({ ...block, output: await play.act(block.act) });
    return played;
  } finally {
    await play.close();
  }
}
