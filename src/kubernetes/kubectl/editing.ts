// Upstream: kubectl/pkg/cmd/util/editor/editoptions.go Run
import { StatusError } from '#kubernetes/apimachinery/statusError.ts';
import { parseDocument } from '#kubernetes/apimachinery/yamlDocument.ts';
import { CommandError, Exit } from './errors.ts';
import { typeProblems } from './files.ts';
import type { Invocation } from './invocation.ts';
import { sortKeys, toCompactJson } from './output/json.ts';
import { toYaml } from '#kubernetes/apimachinery/yamlText.ts';

/** Why the editor opens again. */
interface Reason {
  readonly head: string;
  readonly others: readonly string[];
}

/** What is edited. */
export interface Editing {
  /** The comment above it. */
  readonly heading: string;
  readonly original: unknown;
  /** What the file as a whole is called in errors: `configmaps "a"`. */
  readonly named: string;
  /** Stores what was written, and notes in `results` what could not be. Throws what ends the edit. */
  save(value: unknown, results: EditResults): Promise<void>;
}

/** What became of one round of the editor. */
export class EditResults {
  readonly reasons: Reason[] = [];
  isRetryable = false;
  isGone = false;

  /** Notes why an object was not stored; the sentence to print. Throws what is no answer of the server. */
  add(error: unknown, named: string): string {
    if (!(error instanceof StatusError)) throw error;
    if (error.reason === 'Invalid') {
      const others = (error.details?.causes ?? []).map(({ field, message }) => `${field}: ${message}`);
      this.reasons.push({ head: `${named} was not valid`, others });
      return `error: ${named} is invalid`;
    }
    if (error.reason === 'NotFound') {
      this.isGone = true;
      return `error: ${named} could not be found on the server`;
    }
    this.isRetryable = true;
    return `error: ${named} could not be patched: ${error.message}`;
  }
}

/** Opens what is edited in the editor until it is stored, left as it was, or given up. */
export async function edit(
  invocation: Invocation,
  { heading, original, named, save }: Editing,
): Promise<void> {
  const { files } = invocation.process;
  const say = (line: string) => invocation.err(`${line}\n`);
  let results = new EditResults();
  let body = toYaml(original);
  let path = '';
  let hasErrors = false;
  for (;;) {
    const previous = path;
    path = newPath(invocation);
    files.write(path, heading + comments(results.reasons) + body);
    try {
      await openEditor(invocation, path);
    } catch (error) {
      throw await preserved(invocation, previous, error);
    }
    const written = files.read(path);
    const edited = withoutComments(written);
    if (hasErrors && edited === withoutComments(body))
      throw await preserved(
        invocation,
        path,
        new CommandError('Edit cancelled, no valid changes were saved.'),
      );
    if (previous !== '') files.remove(previous);
    body = stripped(written);
    results = new EditResults();
    const wrong = problemOf(edited);
    if (wrong !== null) {
      hasErrors = true;
      const why = `<nil>: Invalid value: "The edited file failed validation": ${wrong}`;
      results.reasons.push({ head: `${named} was not valid`, others: [why] });
      await say(`error: ${named} is invalid`);
      continue;
    }
    if (edited === withoutComments(toYaml(original))) {
      files.remove(path);
      await say('Edit cancelled, no changes made.');
      return;
    }
    try {
      await save(parseDocument(edited), results);
    } catch (error) {
      throw await preserved(invocation, path, error);
    }
    if (results.isRetryable) {
      await say(`You can run \`kubectl replace -f ${path}\` to try this update again.`);
      throw new Exit(1);
    }
    if (results.isGone) {
      await say(`The edits you made on deleted resources have been saved to ${JSON.stringify(path)}`);
      throw new Exit(1);
    }
    hasErrors = results.reasons.length > 0;
    if (!hasErrors) return files.remove(path);
  }
}

function newPath({ process }: Invocation): string {
  process.files.makeDirectory('/tmp', { parents: true });
  return `/tmp/kubectl-edit-${process.simulation.random('kubectl-edit').uint32()}.yaml`;
}

async function openEditor({ process }: Invocation, path: string): Promise<void> {
  const command = process.environment.get('KUBE_EDITOR') || process.environment.get('EDITOR') || 'vi';
  const [name = '', ...args] = command.split(/\s+/);
  const program = process.lookUp(name);
  if (!program) throw new CommandError(`unable to launch the editor ${JSON.stringify(command)}`);
  const code = await process.waitFor(process.spawn(program, { args: [name, ...args, path] }));
  if (code !== 0) throw new CommandError(`there was a problem with the editor ${JSON.stringify(command)}`);
}

/** The error, once it is said where the learner's work is. */
async function preserved(invocation: Invocation, path: string, error: unknown): Promise<unknown> {
  if (path !== '')
    await invocation.err(`A copy of your changes has been stored to ${JSON.stringify(path)}\n`);
  return error;
}

function comments(reasons: readonly Reason[]): string {
  return reasons
    .map(({ head, others }) => {
      const lines = [others.length > 0 ? `${head}:` : head, ...others.map((other) => `* ${other}`)];
      return `${lines.map((line) => `# ${line.replaceAll('\n', '\n# ')}\n`).join('')}#\n`;
    })
    .join('');
}

/** Without lines that are comments. */
function stripped(text: string): string {
  return text
    .split('\n')
    .filter((line) => !line.trimStart().startsWith('#'))
    .join('\n');
}

/** What a text says, in JSON, so that layout and comments do not count; of what cannot be read, its lines. */
function withoutComments(text: string): string {
  try {
    return toCompactJson(sortKeys(parseDocument(text) ?? null));
  } catch {
    return stripped(text);
  }
}

/** Why a text is no object; null where it is one. */
function problemOf(text: string): string | null {
  try {
    const problems = typeProblems(parseDocument(text));
    if (problems.length === 0) return null;
    return problems.length === 1 ? problems[0]! : `[${problems.join(', ')}]`;
  } catch (error) {
    return (error as Error).message;
  }
}
