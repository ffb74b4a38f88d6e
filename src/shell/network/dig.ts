// Upstream: BIND 9.18's bin/dig/{dig,dighost}.c, lib/dns/masterdump.c
import type { Process, Program } from '#world/machine/program.ts';
import {
  type DnsAnswer,
  type DnsQuestion,
  type DnsRecord,
  type DnsType,
  searchNames,
} from '#world/network/dns.ts';

const version = '9.18.41';
const types: readonly string[] = [
  'A',
  'AAAA',
  'CNAME',
  'MX',
  'NS',
  'PTR',
  'SOA',
  'SRV',
  'TXT',
] satisfies DnsType[];
/** Seconds that CoreDNS lets a record of the cluster be kept. */
const ttl = 30;
const tabWidth = 8;

interface Lookup {
  readonly name: string;
  readonly type: DnsType;
}

interface Query {
  readonly lookups: readonly Lookup[];
  readonly server: string | undefined;
  readonly isShort: boolean;
  readonly isTcp: boolean;
  readonly searches: boolean;
  /** What is printed of an answer. */
  readonly sections: ReadonlySet<Section>;
  readonly timeoutMs: number;
  readonly tries: number;
}

const allSections = ['cmd', 'comments', 'question', 'answer', 'stats'] as const;
type Section = (typeof allSections)[number];

/** `dig [@SERVER] [-x ADDRESS] [-t TYPE] [+[no]OPTION] NAME [TYPE]` */
export const dig: Program = async (process) => {
  const query = readQuery(process.args.slice(1));
  if (typeof query === 'string') {
    await process.stderr.write(query);
    return 1;
  }
  const { network } = process;
  let code = 0;
  for (const lookup of query.lookups) {
    const server =
      query.server === undefined
        ? network?.resolver.nameservers[0]
        : network?.lookUp(query.server).addresses?.[0];
    if (server === undefined && query.server !== undefined) {
      await process.stderr.write(`dig: couldn't get address for '${query.server}': not found\n`);
      return 10;
    }
    code = await answer(process, query, lookup, server ?? '127.0.0.1');
  }
  return code;
};

/** The command line, or what dig has to say against it. */
function readQuery(args: readonly string[]): Query | string {
  const lookups: { name: string; type: DnsType }[] = [];
  const sections = new Set<Section>(allSections);
  const plain = { isShort: false, isTcp: false, searches: false };
  let server: string | undefined;
  let type: DnsType | undefined;
  let [timeoutMs, tries] = [5_000, 3];
  const rest = [...args];
  while (rest.length > 0) {
    const arg = rest.shift()!;
    if (arg.startsWith('@')) server = arg.slice(1);
    else if (arg === '-x') {
      const address = rest.shift() ?? '';
      lookups.push({ name: `${address.split('.').reverse().join('.')}.in-addr.arpa`, type: 'PTR' });
    } else if (/^-[tqpc]/.test(arg)) {
      const value = arg.length > 2 ? arg.slice(2) : (rest.shift() ?? '');
      if (arg[1] === 't') type = value.toUpperCase() as DnsType;
      else if (arg[1] === 'q') lookups.push({ name: value, type: 'A' });
    } else if (arg.startsWith('-')) {
      if (arg !== '-4' && arg !== '-6') return `Invalid option: ${arg}\n${usage}`;
    } else if (arg.startsWith('+')) {
      const [, no, word = '', value = ''] = /^\+(no)?([a-z]+)(?:=(.*))?$/.exec(arg) ?? [];
      const isOn = no === undefined;
      if (word === 'short') plain.isShort = isOn;
      else if (word === 'tcp' || word === 'vc') plain.isTcp = isOn;
      else if (word === 'search' || word === 'defname') plain.searches = isOn;
      else if (word === 'time' || word === 'timeout') timeoutMs = Math.max(1, Number(value)) * 1000;
      else if (word === 'tries' || word === 'retry')
        tries = Math.max(1, Number(value) + (word === 'retry' ? 1 : 0));
      else if (word === 'all') for (const section of allSections) turn(sections, section, isOn);
      else if ((allSections as readonly string[]).includes(word)) turn(sections, word as Section, isOn);
      else if (!ignored.has(word)) return `Invalid option: ${arg}\n${usage}`;
    } else if (
      types.includes(arg.toUpperCase()) &&
      (lookups.length > 0 || (type === undefined && arg === arg.toUpperCase()))
    ) {
      if (lookups.length > 0) lookups.at(-1)!.type = arg.toUpperCase() as DnsType;
      else type = arg.toUpperCase() as DnsType;
    } else if (arg.toUpperCase() !== 'IN') lookups.push({ name: arg, type: type ?? 'A' });
  }
  if (type !== undefined && !types.includes(type)) return `;; Warning, ignoring invalid type ${type}\n`;
  if (type !== undefined) for (const lookup of lookups) if (lookup.type === 'A') lookup.type = type;
  if (lookups.length === 0) lookups.push({ name: '.', type: 'NS' });
  return { ...plain, lookups, server, sections, timeoutMs, tries };
}

/** Options that change nothing that is simulated. */
const ignored: ReadonlySet<string> = new Set(
  'recurse rec edns cookie dnssec adflag cdflag aaflag authority additional ttlid multiline identify cl trunc ignore'.split(
    ' ',
  ),
);

const usage = `Usage:  dig [@global-server] [domain] [q-type] [q-class] {q-opt}
            {global-d-opt} host [@local-server] {local-d-opt}
            [ host [@local-server] {local-d-opt} [...]]

Use "dig -h" (or "dig -h | more") for complete list of options
`;

function turn(sections: Set<Section>, section: Section, isOn: boolean): void {
  if (isOn) sections.add(section);
  else sections.delete(section);
}

/** Asks, with the search path where that is wanted, and prints. Returns the exit code. */
async function answer(
  process: Process,
  query: Query,
  { name, type }: Lookup,
  server: string,
): Promise<number> {
  const { network } = process;
  const names =
    query.searches && network ? searchNames(name, network.resolver) : [name.replace(/\.$/, '').toLowerCase()];
  for (const [i, full] of names.entries()) {
    const question: DnsQuestion = { name: full, type };
    const found = network?.ask(question, server, query.isTcp ? 'TCP' : 'UDP') ?? null;
    await process.sleep(found?.latencyMs ?? query.timeoutMs * query.tries);
    if (found === null) {
      const lost = `;; communications error to ${server}#53: timed out\n`;
      await process.stdout.write(
        `${headOf(process, query)}${lost.repeat(query.tries)}${query.isShort ? '' : '\n'};; no servers could be reached\n`,
      );
      return 9;
    }
    const isLast = i === names.length - 1;
    if (!isLast && (found.code === 'NXDOMAIN' || found.records.length === 0)) continue;
    await process.stdout.write(printed(process, query, question, found, server));
    return 0;
  }
  return 0;
}

function headOf(process: Process, { sections, isShort }: Query): string {
  if (!sections.has('cmd') || isShort) return '';
  return `\n; <<>> DiG ${version} <<>> ${process.args.slice(1).join(' ')}\n;; global options: +cmd\n`;
}

function printed(
  process: Process,
  query: Query,
  { name, type }: DnsQuestion,
  { code, records, latencyMs }: DnsAnswer & { latencyMs: number },
  server: string,
): string {
  if (query.isShort) return records.map(({ value }) => `${value}\n`).join('');
  const { sections } = query;
  const lines: string[] = [];
  if (sections.has('comments')) {
    lines.push(';; Got answer:');
    if (name.endsWith('.local'))
      lines.push(
        ';; WARNING: .local is reserved for Multicast DNS',
        ';; You are currently testing what happens when an mDNS query is leaked to DNS',
      );
    const id = process.simulation.random('dns-ids').below(65_536);
    lines.push(
      `;; ->>HEADER<<- opcode: QUERY, status: ${code}, id: ${id}`,
      `;; flags: qr aa rd; QUERY: 1, ANSWER: ${records.length}, AUTHORITY: 0, ADDITIONAL: 1`,
      ';; WARNING: recursion requested but not available',
      '',
      ';; OPT PSEUDOSECTION:',
      '; EDNS: version: 0, flags:; udp: 1232',
    );
  }
  if (sections.has('question'))
    lines.push(
      ...(sections.has('comments') ? [';; QUESTION SECTION:'] : []),
      inColumns([
        [`;${name}.`, 0],
        ['IN', 32],
        [type, 40],
      ]),
      '',
    );
  if (sections.has('answer') && records.length > 0)
    lines.push(
      ...(sections.has('comments') ? [';; ANSWER SECTION:'] : []),
      ...records.map(recordLine),
      ...(sections.has('comments') ? [''] : []),
    );
  if (sections.has('stats'))
    lines.push(
      `;; Query time: ${Math.round(latencyMs)} msec`,
      `;; SERVER: ${server}#53(${server}) (${query.isTcp ? 'TCP' : 'UDP'})`,
      `;; WHEN: ${when(process.simulation.nowMs)}`,
      `;; MSG SIZE  rcvd: ${sizeOf(name, records)}`,
      '',
    );
  return headOf(process, query) + lines.map((line) => `${line}\n`).join('');
}

function recordLine({ name, type, value }: DnsRecord): string {
  return inColumns([
    [`${name}.`, 0],
    [String(ttl), 24],
    ['IN', 32],
    [type, 40],
    [value, 48],
  ]);
}

/** Words at their columns, by tabs as far as they carry; one that is too late follows after a space. */
function inColumns(words: readonly (readonly [text: string, column: number])[]): string {
  let line = '';
  let at = 0;
  for (const [text, column] of words) {
    if (line !== '') {
      const to = Math.max(column, at + 1);
      const tabs = Math.floor(to / tabWidth) - Math.floor(at / tabWidth);
      line += '\t'.repeat(tabs);
      if (tabs > 0) at = Math.floor(to / tabWidth) * tabWidth;
      line += ' '.repeat(to - at);
      at = to;
    }
    line += text;
    at += text.length;
  }
  return line;
}

/** About as many bytes as the message has: names are written out, as CoreDNS does. */
function sizeOf(name: string, records: readonly DnsRecord[]): number {
  const question = 12 + name.length + 2 + 4 + 11;
  return records.reduce((sum, { name: owner, type, value }) => {
    return sum + owner.length + 2 + 10 + (type === 'A' ? 4 : value.length + 1);
  }, question);
}

const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `Thu Jan 01 00:00:10 UTC 2026` */
function when(atMs: number): string {
  const date = new Date(atMs);
  const two = (number: number) => String(number).padStart(2, '0');
  const time = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map(two).join(':');
  return `${days[date.getUTCDay()]} ${months[date.getUTCMonth()]} ${two(date.getUTCDate())} ${time} UTC ${date.getUTCFullYear()}`;
}
