import type { Fault, Input, Speed } from '#classroom/recipe.ts';
import type { Scenario } from '#classroom/scenario.ts';
import type { Hop } from '#sim/deferred.ts';
import { workstationPrograms } from './programs.ts';
import { runSession } from './run.ts';
import { EndpointInvariant } from './testEndpoints.ts';
import { Session } from './session.ts';
import type { Block } from './testTranscript.ts';

/** Virtual ms between two looks whether a command has ended, and between two looks at the invariants. */
const lookMs = 10;
const invariantMs = 1_000;
/** Virtual ms that a command line may take; one that takes longer is cut with a word. */
const commandMsMax = 600_000;
/** Virtual ms that a person takes to type the next line. */
const typingMs = 1_000;
/** Characters of one act's output that a transcript keeps. */
const outputLengthMax = 20_000;

export interface Surroundings {
  readonly scenarios: ReadonlyMap<string, Scenario>;
  readonly hop: Hop;
}

/** A session that a test acts in, line by line, as a learner at the page would. */
export class Play {
  readonly session: Session;
  readonly #hop: Hop;
  readonly #endpoints: EndpointInvariant;
  #output = '';

  constructor(scenario: Scenario, seed: string, hop: Hop) {
    this.#hop = hop;
    this.session = new Session({
      scenario,
      seed,
      loadSoftware: async () => workstationPrograms,
      onOutput: (_terminal, text) => (this.#output += text),
    });
    this.#endpoints = new EndpointInvariant(this.session);
  }

  /** Lets virtual time go on, unless it is paused. */
  async wait(ms: number): Promise<void> {
    const { session } = this;
    const endMs = session.simulation.nowMs + (session.speed === 0 ? 0 : ms);
    do {
      const untilMs = Math.min(endMs, session.simulation.nowMs + invariantMs);
      await runSession(session, this.#hop, { untilMs });
      this.#endpoints.look();
    } while (session.simulation.nowMs < endMs);
  }

  /** Types lines and waits until the terminal is read again; false when they still run after the longest wait. */
  async type(text: string): Promise<boolean> {
    const { session } = this;
    session.input({ type: 'terminalInput', terminal: 1, text: `${text}\n` });
    const startedMs = session.simulation.nowMs;
    await this.wait(0);
    while (!session.workstation.isReading(1)) {
      if (session.speed === 0 || session.simulation.nowMs - startedMs > commandMsMax) return false;
      await this.wait(lookMs);
    }
    return true;
  }

  /** What the terminal showed since the last call: no prompts, no colours. */
  takeOutput(): string {
    const escapes = new RegExp(`${String.fromCharCode(27)}(\\[[0-9;?]*[A-Za-z]|\\][^\\u0007]*\\u0007)`, 'g');
    const text = this.#output
      .replaceAll(escapes, '')
      .replaceAll('\r', '')
      .replaceAll(/learner@workstation:\S*\$ /g, '')
      .replace(/\n$/, '');
    this.#output = '';
    return text.length > outputLengthMax
      ? `${text.slice(0, outputLengthMax)}\n… ${text.length - outputLengthMax} more characters`
      : text;
  }

  /** Does one act of a transcript and returns what came of it. */
  async act(act: string): Promise<string> {
    const [, name, rest = ''] = /^@(\w+) ?([^]*)$/.exec(act) ?? [];
    if (name === undefined) {
      await this.wait(typingMs);
      const ended = await this.type(act);
      return this.takeOutput() + (ended ? '' : '\n… still running');
    }
    const directive = directives[name];
    if (directive === undefined) throw new Error(`There is no directive @${name}.`);
    await directive(this, rest);
    return this.takeOutput();
  }

  input(input: Input): void {
    this.session.input(input);
  }
}

/** Plays a transcript's acts in a new session and returns them with what they print now. */
export async function playTranscript(
  blocks: readonly Block[],
  { scenarios, hop }: Surroundings,
): Promise<{ blocks: readonly Block[]; session: Session }> {
  const [first, ...others] = blocks;
  const chosen = /^@scenario (\S+)$/.exec(first?.act ?? '')?.[1];
  const scenario = scenarios.get(chosen ?? 'empty');
  if (scenario === undefined) throw new Error(`There is no scenario ${chosen}.`);
  const play = new Play(scenario, 'transcript', hop);
  // Three nodes are Ready and the scenario's own commands have run, as when the page has opened.
  await play.wait(10_000);
  const played: Block[] = [];
  if (chosen !== undefined) played.push({ ...first!, output: play.takeOutput() });
  play.takeOutput();
  for (const block of chosen === undefined ? blocks : others) {
    played.push({ ...block, output: await play.act(block.act) });
  }
  return { blocks: played, session: play.session };
}

const directives: Readonly<Record<string, (play: Play, rest: string) => void | Promise<void>>> = {
  /** `@wait 30s` or `@wait 5m`. */
  wait: (play, rest) => play.wait(milliseconds(rest)),
  /** `@write FILE`, and the file's lines below. */
  write(play, rest) {
    const [path = '', ...lines] = rest.split('\n');
    play.input({ type: 'writeFile', path, text: `${lines.join('\n')}\n` });
    return play.wait(0);
  },
  /** `@start LINE`: types a line that does not end by itself. */
  start(play, rest) {
    play.input({ type: 'terminalInput', terminal: 1, text: `${rest}\n` });
    return play.wait(lookMs);
  },
  /** `@fault TYPE …`, with the fault's own fields in their order. */
  fault(play, rest) {
    play.input({ type: 'fault', fault: fault(rest.split(' ')) });
    return play.wait(0);
  },
  /** `@speed 0` is the pause. */
  speed(play, rest) {
    play.input({ type: 'speed', speed: (rest === 'max' ? rest : Number(rest)) as Speed });
  },
  /** Ctrl-C. */
  interrupt(play) {
    play.input({ type: 'interrupt', terminal: 1 });
    return play.wait(lookMs);
  },
  /** `@large FILE LENGTH`, and how the file begins: it goes on with so many letters. */
  large(play, rest) {
    const [head = '', ...lines] = rest.split('\n');
    const [path = '', length] = head.split(' ');
    const text = lines.join('\n') + 'kubernetes '.repeat(Number(length) / 11);
    play.input({ type: 'writeFile', path, text });
    return play.wait(0);
  },
};

function milliseconds(text: string): number {
  const [, count, unit] = /^(\d+)(ms|s|m|h)$/.exec(text) ?? [];
  if (count === undefined) throw new Error(`"${text}" is no time to wait.`);
  return Number(count) * { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 }[unit as 'ms' | 's' | 'm' | 'h'];
}

function fault([type, ...rest]: string[]): Fault {
  const [a = '', b] = rest;
  switch (type) {
    case 'killPod':
      return { type, namespace: a, name: b ?? '' };
    case 'stopNode':
    case 'startNode':
    case 'rebootNode':
    case 'partitionNode':
    case 'healNode':
      return { type, node: a };
    case 'slowNode':
      return { type, node: a, factor: Number(b ?? 1) };
    case 'stopComponent':
    case 'startComponent':
      return { type, component: a, node: b ?? null };
    default:
      throw new Error(`There is no fault ${type}.`);
  }
}
