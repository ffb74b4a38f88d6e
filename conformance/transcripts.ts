import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { load } from 'js-yaml';
import type { Scenario } from '../src/classroom/scenario.ts';
import { type Block, parseTranscript, printTranscript } from '../src/session/testTranscript.ts';

const folder = new URL('./kubectl/', import.meta.url);

/** The transcripts of what the real kubectl prints: command lines, `----`, output and exit code. */
export const transcriptNames: readonly string[] = readdirSync(folder).filter((name) => name.endsWith('.txt'));

export function readTranscript(name: string): readonly Block[] {
  return parseTranscript(readFileSync(new URL(name, folder), 'utf8'));
}

export function writeTranscript(name: string, blocks: readonly Block[]): void {
  writeFileSync(new URL(name, folder), printTranscript(blocks));
}

export const root = fileURLToPath(new URL('..', import.meta.url));

/** The cluster that every transcript is played in. */
export const scenario = load(readFileSync(`${root}lessons/scenarios/empty.yaml`, 'utf8')) as Scenario;

/** Virtual ms from the start until the nodes are Ready; both players begin there. */
export const startMs = 10_000;
/** Virtual ms between two lines, as a person types them. */
export const typingMs = 1_000;

/** The exit code below the output, where it is not 0. */
export function withExitCode(output: string, code: number): string {
  const text = output.replace(/\n$/, '');
  return code === 0 ? text : `${text}${text === '' ? '' : '\n'}[exit ${code}]`;
}

/**
 * `@upstream LINE`: what only upstream's kubectl does so far, and why ours does not is said above it. Our own player
 * leaves it out.
 */
export function upstreamOnly(act: string): string | null {
  return /^@upstream ([^]+)$/.exec(act)?.[1] ?? null;
}

/** `@wait 30s`, in ms. */
export function waitOf(act: string): number | null {
  const [, count, unit] = /^@wait (\d+)(s|m)$/.exec(act) ?? [];
  return count === undefined ? null : Number(count) * (unit === 'm' ? 60_000 : 1_000);
}

/** `@write FILE` and its lines. */
export function fileOf(act: string): { path: string; text: string } | null {
  const [, path, text] = /^@write (\S+)\n([^]*)$/.exec(act) ?? [];
  return path === undefined ? null : { path, text: `${text}\n` };
}
