import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Recipe } from '#classroom/recipe.ts';
import { withNodes } from '#classroom/scenario.ts';
import { Bridge } from './bridge.ts';
import { kubeconfigText, removeKubeconfig, writeKubeconfig } from './kubeconfig.ts';
import { type BridgeOptions, readOptions, usage } from './options.ts';
import { readRecording, writeRecording } from './recording.ts';
import { readScenario } from './scenarios.ts';

/** The checkout, and where `npm run` was called from: the script hands both over. */
const root = process.env['PODARIUM_ROOT'] ?? process.cwd();
const callerFolder = process.env['INIT_CWD'] ?? process.cwd();

/** A session with its server, its kubeconfig and its end. */
async function main(words: readonly string[]): Promise<void> {
  const options = readOptions(words);
  const recording = options.replay === null ? null : readRecording(resolve(callerFolder, options.replay));
  const bridge = start(options, recording);
  if (recording !== null && !(await bridge.replay(recording)))
    console.error('Warning: another version made this recording; it did not come to the same state.');
  await bridge.listen(recording === null ? undefined : 0);
  const file =
    options.kubeconfig === null
      ? join(tmpdir(), `podarium-${new URL(bridge.url).port}.kubeconfig`)
      : resolve(callerFolder, options.kubeconfig);
  const text = kubeconfigText(bridge.url, bridge.user, bridge.certificates);
  writeKubeconfig(file, text);
  let isStopping = false;
  // A terminal sends Ctrl-C to every process in it, so it may come twice.
  const stop = () => {
    if (isStopping) return;
    isStopping = true;
    removeKubeconfig(file, text);
    void bridge.close().then(() => {
      if (options.record !== null) save(bridge, resolve(callerFolder, options.record));
      process.exit(0);
    });
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  if (!['127.0.0.1', 'localhost', '::1'].includes(options.host))
    console.error(`Warning: ${options.host} can be reached from other machines.`);
  console.log(`The API server is at ${bridge.url}. Ctrl-C stops it. In another terminal:\n`);
  console.log(`export KUBECONFIG=${/^[\w./-]+$/.test(file) ? file : JSON.stringify(file)}`);
  try {
    await bridge.driver.run();
  } catch (error) {
    removeKubeconfig(file, text);
    throw error;
  }
}

/** A bridge over what the command line names, or over what was recorded. */
function start(options: BridgeOptions, recording: Recipe | null): Bridge {
  if (recording !== null) {
    const scenario = readScenario(root, recording.scenario);
    return new Bridge({ ...options, seed: recording.seed, scenario });
  }
  const scenario = readScenario(root, options.scenario);
  return new Bridge({
    ...options,
    scenario: options.nodes === null ? scenario : withNodes(scenario, options.nodes),
  });
}

function save({ session }: Bridge, file: string): void {
  writeRecording(file, session.recipe('bridge'));
  if (!session.isRecorded)
    console.error('Warning: the session grew too long to be saved whole; the recording holds its beginning.');
}

main(process.argv.slice(2)).catch((error: unknown) => {
  const { message, code, stack } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') console.error('The port is taken by another program; choose one with --port.');
  else if (code?.startsWith('ERR_PARSE_ARGS')) console.error(`${message}\n\n${usage}`);
  else console.error(stack?.includes('AssertionError') ? stack : message);
  process.exit(1);
});
