// Upstream: busybox's networking/libiproute
import { tool, ToolError } from '#shell/tools/tool.ts';
import type { NetworkStack } from '#world/network/networkStack.ts';

/** Nodes are in 10.0.0.0/16, and each has a /24 of the pods' network. */
const nodes = /^10\.0\./;

interface Link {
  readonly address: string;
  readonly prefix: number;
  readonly subnet: string;
  readonly broadcast: string;
  /** Null on a node, which is beside everybody that it speaks to. */
  readonly gateway: string | null;
}

function linkOf({ address }: NetworkStack): Link {
  const bytes = address.split('.');
  const isNode = nodes.test(address);
  const start = bytes.slice(0, isNode ? 2 : 3).join('.');
  return {
    address,
    prefix: isNode ? 16 : 24,
    subnet: `${start}${isNode ? '.0.0' : '.0'}`,
    broadcast: `${start}${isNode ? '.255.255' : '.255'}`,
    gateway: isNode ? null : `${start}.1`,
  };
}

/** The bridge plugin of CNI made hardware addresses of the address in this way. */
function hardwareAddress(address: string): string {
  const bytes = address.split('.').map((byte) => Number(byte).toString(16).padStart(2, '0'));
  return ['0a', '58', ...bytes].join(':');
}

function addresses({ address, prefix, broadcast }: Link): string {
  return `1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue qlen 1000
    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
    inet 127.0.0.1/8 scope host lo
       valid_lft forever preferred_lft forever
2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue
    link/ether ${hardwareAddress(address)} brd ff:ff:ff:ff:ff:ff
    inet ${address}/${prefix} brd ${broadcast} scope global eth0
       valid_lft forever preferred_lft forever
`;
}

function routes({ address, prefix, subnet, gateway }: Link): string {
  const own = `${subnet}/${prefix} dev eth0 scope link  src ${address} \n`;
  return gateway === null ? own : `default via ${gateway} dev eth0 \n${own}`;
}

/** `ip addr` and `ip route`, as they are shown. */
export const ip = tool(async (process) => {
  const [object = '', verb = 'show'] = process.args.slice(1).filter((word) => !word.startsWith('-'));
  if (process.network === undefined) throw new ToolError('no network');
  const link = linkOf(process.network);
  if (!['show', 'list', 'ls', 'l', 's'].includes(verb))
    throw new ToolError('RTNETLINK answers: Operation not permitted', 2);
  if (object !== '' && 'address'.startsWith(object)) await process.stdout.write(addresses(link));
  else if (object !== '' && 'route'.startsWith(object)) await process.stdout.write(routes(link));
  else {
    await process.stderr.write('BusyBox v1.37.0 multi-call binary.\n\nUsage: ip address|route\n');
    return 1;
  }
  return 0;
});
