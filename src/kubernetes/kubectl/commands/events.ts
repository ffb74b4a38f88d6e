// Upstream: kubectl/pkg/cmd/events/{events,event_printer}.go
import type { Event } from '#generated/types/core.v1.ts';
import { parseTime } from '#kubernetes/apimachinery/time.ts';
import type { Command } from '../command.ts';
import { CommandError } from '../errors.ts';
import { bool, strings, text } from '../flags.ts';
import type { Invocation } from '../invocation.ts';
import { since } from '../describe/fields.ts';
import { printerOf, printFlags } from '../output/printer.ts';
import { TableWriter } from '../output/table.ts';
import { allNamespacesFlag, readReferences } from '../targets.ts';
import { listOf } from './get.ts';

export const events: Command = {
  name: 'events',
  group: 'Troubleshooting and Debugging Commands',
  summary: 'List events',
  long: 'Display events.\n\n Prints a table of the most important information about events. You can request events for a namespace, for all namespace, or filtered to only those pertaining to a specified resource.',
  examples: [
    ['List recent events in the default namespace', 'kubectl events'],
    [
      'List recent events for the specified pod, then wait for more events and list them as they arrive',
      'kubectl events --for pod/web-pod-13je7 --watch',
    ],
    ['List recent only events in given event types', 'kubectl events --types=Warning,Normal'],
  ],
  usage:
    'events [(-o|--output=)json|yaml|name|go-template|jsonpath] [--for TYPE/NAME] [--watch] [--types=Normal,Warning]',
  arguments: 'none',
  flags: [
    ...printFlags,
    allNamespacesFlag,
    bool('no-headers', "When using the default output format, don't print headers."),
    bool('watch', 'After listing the requested events, watch for more events.', { short: 'w' }),
    strings('types', 'Output only events of given types.', { values: ['Normal', 'Warning'] }),
    text('for', 'Filter events to only those pertaining to the specified resource.'),
  ],
  run: runEvents,
};

function lastSeenMs(event: Event): number {
  const time = event.series?.lastObservedTime ?? event.lastTimestamp ?? event.eventTime;
  return time ? parseTime(time) : 0;
}

async function fieldSelectorOf(invocation: Invocation): Promise<string | undefined> {
  const about = invocation.flags.text('for');
  if (about === '') return undefined;
  if (!about.includes('/')) throw new CommandError('--for must be in resource/name form');
  const type = about.slice(0, about.indexOf('/'));
  if (!(await invocation.mapper()).find(type))
    throw new CommandError(`the server doesn't have a resource type ${JSON.stringify(type)}`, 1, '');
  const [reference] = await readReferences(invocation, [about]);
  return `involvedObject.kind=${reference!.resource.kind},involvedObject.name=${reference!.name}`;
}

async function runEvents(invocation: Invocation): Promise<void> {
  const { flags, client, namespace, nowMs } = invocation;
  const types = flags.list('types').map((type) => type.toLowerCase());
  for (const type of types)
    if (!['normal', 'warning'].includes(type)) throw new CommandError(`valid --types are Normal or Warning`);
  const wanted = (event: Event) => types.length === 0 || types.includes((event.type ?? '').toLowerCase());
  const all = flags.bool('all-namespaces');
  const resource = (await invocation.mapper()).get('', 'events', 'v1');
  const query = { fieldSelector: await fieldSelectorOf(invocation) };
  const { metadata, items } = await client.list<Event>(resource, all ? '' : namespace, query);
  const shown = items.filter(wanted).sort((a, b) => lastSeenMs(a) - lastSeenMs(b));
  const printer = printerOf(invocation);
  const writer = new TableWriter();
  const print = async (list: readonly Event[], now: number) => {
    // Upstream's list does not say what its events are, so that there is nothing to name.
    if (flags.text('output') === 'name') return;
    if (printer) return await invocation.out(printer(listOf(list)));
    for (const event of list) writer.add(rowOf(event, all, now));
    await invocation.out(writer.flush());
  };
  if (shown.length === 0 && !flags.bool('watch')) {
    return await invocation.err(all ? 'No events found.\n' : `No events found in ${namespace} namespace.\n`);
  }
  if (!printer && !flags.bool('no-headers'))
    writer.add([...(all ? ['NAMESPACE'] : []), 'LAST SEEN', 'TYPE', 'REASON', 'OBJECT', 'MESSAGE']);
  await print(shown, nowMs);
  if (!flags.bool('watch')) return;
  const from = { ...query, resourceVersion: metadata.resourceVersion };
  for await (const { type, object } of client.watch(resource, all ? '' : namespace, from)) {
    if (type !== 'DELETED' && wanted(object as Event)) await print([object as Event], invocation.nowMs);
  }
}

function rowOf(event: Event, withNamespace: boolean, nowMs: number): string[] {
  const { kind, name } = event.involvedObject;
  const first = since(event.eventTime ?? event.firstTimestamp, nowMs);
  const count = event.series?.count ?? event.count ?? 1;
  const last = since(event.series?.lastObservedTime ?? event.lastTimestamp ?? event.eventTime, nowMs);
  const interval = count > 1 ? `${last} (x${count} over ${first})` : first;
  return [
    ...(withNamespace ? [event.metadata.namespace ?? ''] : []),
    interval,
    event.type ?? '',
    event.reason ?? '',
    `${kind}/${name}`,
    (event.message ?? '').trim(),
  ];
}
