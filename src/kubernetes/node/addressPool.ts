// Upstream: containernetworking/plugins host-local IPAM
import { assert } from '#sim/assert.ts';
import { formatIpv4, type Ipv4Range, parseIpv4, parseIpv4Range } from '#world/network/ipv4.ts';

/** The pod addresses of one node: handed out in turn, so that an address is not used again at once. */
export class AddressPool {
  readonly #range: Ipv4Range;
  readonly #taken = new Set<number>();
  #last = 1;

  /** `cidr` is an IPv4 range such as `10.244.1.0/24`; its first two addresses and the last are not pods'. */
  constructor(cidr: string) {
    const range = parseIpv4Range(cidr);
    assert(range !== undefined, `not an IPv4 range: ${cidr}`);
    this.#range = range;
  }

  take(): string {
    const { first, size } = this.#range;
    assert(this.#taken.size < size - 3, 'a node has no pod address left');
    do this.#last = this.#last + 1 >= size - 1 ? 2 : this.#last + 1;
    while (this.#taken.has(this.#last));
    this.#taken.add(this.#last);
    return formatIpv4(first + this.#last);
  }

  release(address: string): void {
    this.#taken.delete(parseIpv4(address)! - this.#range.first);
  }
}
