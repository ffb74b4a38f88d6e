import { parseArgs } from 'node:util';
import { nodesMax } from '#classroom/scenario.ts';

/** What the command line asks for. */
export interface BridgeOptions {
  readonly port: number;
  readonly host: string;
  /** Plain http, where every caller is the learner. */
  readonly http: boolean;
  /** Worker nodes; null takes the scenario's own. */
  readonly nodes: number | null;
  readonly seed: string;
  readonly scenario: string;
  /** Virtual seconds per second; 0 is paused. */
  readonly speed: number | 'max';
  /** Where the kubeconfig goes; null lets the bridge name a file. */
  readonly kubeconfig: string | null;
  /** Where the session is saved at its end; null saves nothing. */
  readonly record: string | null;
  /** A saved session that is played first, in place of scenario, nodes and seed. */
  readonly replay: string | null;
}

export const usage = `npm run bridge -- [--port N] [--nodes K] [--seed S] [--scenario ID] [--speed X|max]
                  [--http] [--host H] [--kubeconfig FILE] [--record FILE] [--replay FILE]`;

/** Reads the words after the script's name. Throws an Error with a sentence for the person who typed them. */
export function readOptions(words: readonly string[]): BridgeOptions {
  const { values } = parseArgs({
    args: [...words],
    options: {
      port: { type: 'string', default: '6443' },
      host: { type: 'string', default: '127.0.0.1' },
      http: { type: 'boolean', default: false },
      nodes: { type: 'string' },
      seed: { type: 'string', default: 'podarium' },
      scenario: { type: 'string', default: 'empty' },
      speed: { type: 'string', default: '1' },
      kubeconfig: { type: 'string' },
      record: { type: 'string' },
      replay: { type: 'string' },
    },
  });
  return {
    port: whole('port', values.port, 0, 65_535),
    host: values.host,
    http: values.http,
    nodes: values.nodes === undefined ? null : whole('nodes', values.nodes, 0, nodesMax),
    seed: values.seed,
    scenario: values.scenario,
    speed: readSpeed(values.speed),
    kubeconfig: values.kubeconfig ?? null,
    record: values.record ?? null,
    replay: values.replay ?? null,
  };
}

function whole(flag: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > most)
    throw new Error(`--${flag} takes a number from ${least} to ${most}, not "${text}".`);
  return value;
}

function readSpeed(text: string): number | 'max' {
  if (text === 'max') return text;
  const speed = Number(text);
  if (text === '' || !(speed >= 0 && speed <= 10_000))
    throw new Error(`--speed takes a number from 0 to 10000, or max, not "${text}".`);
  return speed;
}
