// Upstream: pkg/kubelet/container/helpers.go ExpandContainerCommandAndArgs, third_party/forked/golang/expansion
import type { Container } from '#generated/types/core.v1.ts';
import { remembered } from '#kubernetes/api/sharing.ts';
import type { Image } from '#world/machine/image.ts';

/** Replaces `$(NAME)` by what `valueOf` knows; `$$` is a dollar, and unknown names stay as they are. */
export function expand(text: string, valueOf: (name: string) => string | undefined): string {
  if (!text.includes('$')) return text;
  return text.replace(/\$\$|\$\(([^)]*)\)/g, (match, name: string | undefined) =>
    name === undefined ? '$' : (valueOf(name) ?? match),
  );
}

const ofImage = remembered((image: Image): readonly string[] => [...image.entrypoint, ...image.command]);

/** The command line that a container runs: the spec's, or what its image says. */
export function commandLine(
  { command, args }: Container,
  image: Image,
  environment: () => ReadonlyMap<string, string>,
): readonly string[] {
  const hasCommand = command !== undefined && command.length > 0;
  const hasArgs = args !== undefined && args.length > 0;
  if (!hasCommand && !hasArgs) return ofImage(image);
  const expanded = (list: readonly string[]) =>
    list.some((text) => text.includes('$'))
      ? list.map((text) => expand(text, (name) => environment().get(name)))
      : list;
  if (hasCommand && !hasArgs) return expanded(command);
  const first = hasCommand ? expanded(command) : image.entrypoint;
  return [...first, ...expanded(args ?? image.command)];
}
