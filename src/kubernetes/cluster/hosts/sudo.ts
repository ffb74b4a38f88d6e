import { runCommandLine, tool } from '#shell/tools/tool.ts';

/** `sudo COMMAND`: who comes to a node is root already. */
export const sudo = tool(async (process) => {
  const words = process.args.slice(1);
  while (words[0]?.startsWith('-')) words.shift();
  if (words.length > 0) return runCommandLine(process, words);
  await process.stderr.write('usage: sudo [-E] command [arg ...]\n');
  return 1;
});
