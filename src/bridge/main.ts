import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Bridge } from './bridge.ts';
import { kubeconfigText, removeKubeconfig, writeKubeconfig } from './kubeconfig.ts';
import { type BridgeOptions, readOptions, usage } from './options.ts';
import { readScenario, withNodes } from './scenarios.ts';

/** The checkout, and where `npm run` was called from: the script hands both over. */
const root = process.env['PODARIUM_ROOT'] ?? process.cwd();
const callerFolder = process.env['INIT_CWD'] ?? process.cwd();

/** A session with its server, its kubeconfig and its end. */
async function main(words: readonly string[]): Promise<void> {
  const options = readOptions(words);
  const bridge = start(options);
  await bridge.listen();
  const file =
    options.kubeconfig === null
      ? join(tmpdir(), `podarium-${new URL(bridge.url).port}.kubeconfig`)
      : resolve(callerFolder, options.kubeconfig);
  writeKubeconfig(file, kubeconfigText(bridge.url, bridge.user, bridge.certificates));
  let isStopping = false;
  // A terminal sends Ctrl-C to every process in it, so it may come twice.
  const stop = () => {
    if (isStopping) return;
    isStopping = true;
    removeKubeconfig(file);
    void bridge.close().then(() => process.exit(0));
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
    removeKubeconfig(file);
    throw error;
  }
}

function start(options: BridgeOptions): Bridge {
  const scenario = readScenario(root, options.scenario);
  return new Bridge({
    ...options,
    scenario: options.nodes === null ? scenario : withNodes(scenario, options.nodes),
  });
}

main(process.argv.slice(2)).catch((error: unknown) => {
  const { message, code, stack } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') console.error('The port is taken by another program; choose one with --port.');
  else if (code?.startsWith('ERR_PARSE_ARGS')) console.error(`${message}\n\n${usage}`);
  else console.error(stack?.includes('AssertionError') ? stack : message);
  process.exit(1);
});
