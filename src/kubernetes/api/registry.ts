import { bootKinds } from './bootKinds.ts';
import { KindSet } from './kindSet.ts';
import { laterKinds } from './laterKinds.ts';

/**
 * Every built-in kind (D7), as kubectl and tests know them. A server's own set is its `kinds`: it has custom resources
 * too, and begins with the boot kinds only.
 */
export const builtInKinds = new KindSet([...bootKinds, ...laterKinds]);
