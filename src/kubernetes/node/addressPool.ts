// Upstream: containernetworking/plugins host-local IPAM
import { assert } from '#sim/assert.ts';

/** The pod addresses of one node: handed out in turn, so that an address is not used again at once. */
export class AddressPool {
  readonly #base: number;
  readonly #size: number;
  readonly #taken = new Set<number>();
  #last = 1;

  /** `cidr` is an IPv4 range such as `10.244.1.0/24`; its first two addresses and the last are not pods'. */
  constructor(cidr: string) {
    const [address, bits] = cidr.split('/') as [string, string];
    this.#base = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
    this.#size = 2 ** (32 - Number(bits));
  }

  take(): string {
    assert(this.#taken.size < this.#size - 3, 'a node has no pod address left');
    do this.#last = this.#last + 1 >= this.#size - 1 ? 2 : this.#last + 1;
    while (this.#taken.has(this.#last));
    this.#taken.add(this.#last);
    const value = this.#base + this.#last;
    return [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join('.');
  }

  release(address: string): void {
    const value = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
    this.#taken.delete(value - this.#base);
  }
}
