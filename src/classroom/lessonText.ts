/** The words of a lesson: a small, safe part of Markdown, read into plain data that the page draws itself. */
export interface LessonText {
  readonly title: string;
  /** What stands before the first step. */
  readonly intro: readonly Block[];
  readonly steps: Readonly<Record<string, StepText>>;
}

export interface StepText {
  readonly title: string;
  readonly body: readonly Block[];
  /** Blocks by the name of their `### hint NAME` heading. */
  readonly hints: Readonly<Record<string, readonly Block[]>>;
  readonly debrief: readonly Block[];
  /** The question's blocks, and its choices (the list in it). */
  readonly predict: {
    readonly question: readonly Block[];
    readonly choices: readonly (readonly Inline[])[];
  } | null;
}

export type Block =
  | { readonly type: 'paragraph'; readonly content: readonly Inline[] }
  | { readonly type: 'list'; readonly items: readonly (readonly Inline[])[] }
  | { readonly type: 'code'; readonly language: string; readonly text: string };

export type Inline =
  | { readonly type: 'text' | 'code' | 'strong' | 'emphasis'; readonly text: string }
  /** Only https links; anything else stays text. */
  | { readonly type: 'link'; readonly text: string; readonly href: string };

/** A lesson longer than this is cut; a shared one is untrusted input. */
const lengthMax = 200_000;

/** Reads `content.LANGUAGE.md`: `# Title`, `## STEP-ID Title`, `### hint NAME`, `### predict`, `### debrief`. */
export function readLessonText(markdown: string): LessonText {
  const sections = splitHeadings(markdown.slice(0, lengthMax));
  let title = '';
  let intro: readonly Block[] = [];
  const steps: Record<string, StepText> = {};
  let current: { -readonly [K in keyof StepText]: StepText[K] } | null = null;
  for (const { level, heading, text } of sections) {
    const [first = '', ...rest] = heading.split(' ');
    if (level <= 1) {
      if (heading) title = heading;
      intro = readBlocks(text);
    } else if (level === 2) {
      current = { title: rest.join(' '), body: readBlocks(text), hints: {}, debrief: [], predict: null };
      Object.defineProperty(steps, first, { value: current, enumerable: true });
    } else if (current !== null) {
      const blocks = readBlocks(text);
      if (first === 'hint') current.hints = { ...current.hints, [rest.join(' ')]: blocks };
      else if (first === 'debrief') current.debrief = blocks;
      else if (first === 'predict') current.predict = questionOf(blocks);
    }
  }
  return { title, intro, steps };
}

function questionOf(blocks: readonly Block[]): NonNullable<StepText['predict']> {
  const list = blocks.find((block) => block.type === 'list');
  return { question: blocks.filter((block) => block.type !== 'list'), choices: list?.items ?? [] };
}

function splitHeadings(markdown: string): { level: number; heading: string; text: string }[] {
  const sections = [{ level: 0, heading: '', text: '' }];
  let fenced = false;
  for (const line of markdown.split('\n')) {
    if (line.startsWith('```')) fenced = !fenced;
    const match = fenced ? null : /^(#{1,3}) +(.+)$/.exec(line);
    if (match) sections.push({ level: match[1]!.length, heading: match[2]!.trim(), text: '' });
    else sections.at(-1)!.text += `${line}\n`;
  }
  return sections.filter((section) => section.level > 0 || section.text.trim() !== '');
}

function readBlocks(text: string): Block[] {
  const blocks: Block[] = [];
  const lines = text.split('\n');
  for (let at = 0; at < lines.length;) {
    const line = lines[at]!;
    if (line.trim() === '') {
      at++;
    } else if (line.startsWith('```')) {
      const end = lines.findIndex((other, i) => i > at && other.startsWith('```'));
      const last = end < 0 ? lines.length : end;
      blocks.push({
        type: 'code',
        language: line.slice(3).trim(),
        text: lines.slice(at + 1, last).join('\n'),
      });
      at = last + 1;
    } else {
      let end = at;
      while (end < lines.length && lines[end]!.trim() !== '' && !lines[end]!.startsWith('```')) end++;
      blocks.push(paragraphOrList(lines.slice(at, end)));
      at = end;
    }
  }
  return blocks;
}

const bullet = /^\s*(?:[-*]|\d+[.)]) +/;

function paragraphOrList(lines: readonly string[]): Block {
  if (!bullet.test(lines[0]!)) return { type: 'paragraph', content: readInline(lines.join(' ')) };
  const items: string[] = [];
  for (const line of lines) {
    if (bullet.test(line)) items.push(line.replace(bullet, ''));
    else items.push(`${items.pop() ?? ''} ${line.trim()}`);
  }
  return { type: 'list', items: items.map(readInline) };
}

function readInline(text: string): Inline[] {
  const found: Inline[] = [];
  const pattern = /`([^`]+)`|\*\*([^*]+)\*\*|\*([^*]+)\*|\[([^\]]+)\]\((https:\/\/[^\s)]+)\)/g;
  let at = 0;
  for (const match of text.matchAll(pattern)) {
    if (match.index > at) found.push({ type: 'text', text: text.slice(at, match.index) });
    const [whole, code, strong, emphasis, label, href] = match;
    if (code !== undefined) found.push({ type: 'code', text: code });
    else if (strong !== undefined) found.push({ type: 'strong', text: strong });
    else if (emphasis !== undefined) found.push({ type: 'emphasis', text: emphasis });
    else found.push({ type: 'link', text: label!, href: href! });
    at = match.index + whole.length;
  }
  if (at < text.length) found.push({ type: 'text', text: text.slice(at) });
  return found;
}
