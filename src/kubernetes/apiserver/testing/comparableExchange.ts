/** An answer of a server: its code and its body. */
export interface Answer {
  readonly code: number;
  readonly body: unknown;
}

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Fields whose values differ from run to run. */
const masked = new Set(['uid', 'resourceVersion', 'creationTimestamp', 'deletionTimestamp', 'continue']);

/** Go's way to show a structure, of 1.20, or JSON, of today: what it holds is not compared. */
const shownValue = /^((?:Invalid|Unsupported|Duplicate) value: )(?:[\w.*()[\]]*\{.*\}|\[.*\])(: |$)/s;
/** What follows the first line of a sentence is a comparison of two structures. */
const firstLine = /^[^\n]*/;

function sentence(text: string): string {
  return firstLine
    .exec(text.replace(shownValue, '$1<value>$2'))![0]
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<uid>');
}

function maskFields(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.map((element) => maskFields(element));
  if (!isFields(value)) return masked.has(key) && value !== undefined && value !== '' ? `<${key}>` : value;
  const entries = Object.entries(value)
    .filter(([name, field]) => name !== 'managedFields' && name !== 'selfLink' && field !== undefined)
    .map(([name, field]) => [name, maskFields(field, name)]);
  return Object.fromEntries(entries) as Fields;
}

/** A failure by what it says: its code, its reason, its first line, its causes. */
function failure({ code, body }: Answer): unknown {
  if (!isFields(body)) return { code, body };
  const details = isFields(body['details']) ? body['details'] : {};
  const causes = (details['causes'] ?? []) as readonly {
    reason?: string;
    message?: string;
    field?: string;
  }[];
  return {
    code,
    reason: body['reason'],
    // The message of an invalid object is made of its causes, which are compared one by one.
    ...(causes.length === 0 && { message: sentence(String(body['message'])) }),
    details: { name: details['name'], group: details['group'], kind: details['kind'] },
    causes: causes.map(({ reason, message = '', field }) => ({ reason, message: sentence(message), field })),
  };
}

/** An answer without what differs from run to run. */
function comparable(answer: Answer): unknown {
  if (answer.code >= 400) return failure(answer);
  return { code: answer.code, body: isTable(answer.body) ? columnsOf(answer.body) : maskFields(answer.body) };
}

interface Table {
  readonly kind: 'Table';
  readonly columnDefinitions: readonly Fields[];
}

function isTable(body: unknown): body is Table {
  return isFields(body) && body['kind'] === 'Table';
}

/** Of a table only the columns: its rows are what the server holds, their descriptions what a field's are. */
function columnsOf({ columnDefinitions }: Table): readonly string[] {
  return columnDefinitions.map(
    ({ name, type, format, priority }) =>
      `${String(name)} ${String(type)} ${String(format)} ${String(priority)}`,
  );
}

function shown(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}

/** Whether a sentence is that of a recorded one whose value is not compared. */
function saysTheSame(ours: unknown, theirs: string): boolean {
  const [before, after] = theirs.split('<value>', 2) as [string, string | undefined];
  return after !== undefined && typeof ours === 'string' && ours.startsWith(before) && ours.endsWith(after);
}

function differencesAt(path: string, ours: unknown, theirs: unknown): string[] {
  if (Array.isArray(ours) && Array.isArray(theirs)) {
    const length = Math.max(ours.length, theirs.length);
    return Array.from({ length }, (_, index) =>
      differencesAt(`${path}[${index}]`, ours[index], theirs[index]),
    ).flat();
  }
  if (isFields(ours) && isFields(theirs)) {
    const names = new Set([...Object.keys(ours), ...Object.keys(theirs)]);
    return [...names].flatMap((name) =>
      differencesAt(path === '' ? name : `${path}.${name}`, ours[name], theirs[name]),
    );
  }
  if (ours === theirs || (typeof theirs === 'string' && saysTheSame(ours, theirs))) return [];
  return [`${path}: ${shown(ours)}, recorded ${shown(theirs)}`];
}

/** Where two answers differ, a line for each place. */
export function differencesOf(ours: Answer, theirs: Answer): string[] {
  return differencesAt('', comparable(ours), comparable(theirs));
}
