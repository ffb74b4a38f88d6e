import type { Block } from '../src/session/testTranscript.ts';

/**
 * Where upstream says what a block expects of the server, from the rule below its act: paths of
 * kubernetes/kubernetes (those of `staging/src/k8s.io` begin with the module's name), or `kubectl` where the words
 * are the client's own about what the server gave it, which the real client prints for itself.
 */
export function sourcesOf({ source }: Block): readonly string[] {
  return source === undefined ? [] : source.split(', ');
}

export function isSource(text: string): boolean {
  return text === 'kubectl' || /^([a-z-]+\/)?(pkg|tools|auth|plugin\/pkg)\/[\w/.-]+\.go$/.test(text);
}
