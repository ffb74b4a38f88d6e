// Upstream: pkg/kubelet/kubelet_node_status.go, component-helpers/apimachinery/lease
import type { Lease } from '#generated/types/coordination.v1.ts';
import type { Node, NodeCondition, NodeStatus } from '#generated/types/core.v1.ts';
import { leases } from '#kubernetes/api/coordination/lease.ts';
import { nodes } from '#kubernetes/api/core/node.ts';
import { isStatus, StatusError } from '#kubernetes/apimachinery/statusError.ts';
import { formatMicroTime } from '#kubernetes/apimachinery/time.ts';
import type { Client } from '#kubernetes/client/client.ts';
import type { Simulation } from '#sim/simulation.ts';
import { type Beating, leaseDurationSeconds } from './heartbeats.ts';
import type { ImageStore } from './imageStore.ts';
import {
  imagesStatus,
  machineStatus,
  networkNotReady,
  newNode,
  nodeConditions,
  type NodeIdentity,
  type NotReady,
  ofVersion,
  rebooted,
  sameConditions,
} from './nodeStatus.ts';

/** Until the network plugin of a fresh node is up. */
const networkSetupMs = 1_000;
/** Upstream: nodeStatusReportFrequency: an unchanged status is written so often. */
const statusReportMs = 300_000;
/** Upstream: nodeStatusUpdateFrequency: it looks so often whether there is something to say. */
const statusSyncMs = 10_000;
const leaseNamespace = 'kube-node-lease';

/** The kubelet whose node it is. */
interface Owner {
  readonly simulation: Simulation;
  readonly client: Client;
  readonly identity: NodeIdentity;
  readonly name: string;
  readonly images: ImageStore;
  readonly volumes: { readonly inUse: readonly string[] | undefined };
  readonly isRunning: boolean;
  event(type: 'Normal' | 'Warning', reason: string, message: string): void;
  /** Its devices are not what its node's status says. */
  readonly isDeviceReportDue: boolean;
  /** The status with its devices, written over `old`. */
  withDevices(status: NodeStatus, old: NodeStatus, isRegistration: boolean): NodeStatus;
  devicesReported(): void;
}

/** What a kubelet tells the API of its node: that it is there, how it is, and that it lives. */
export class NodeReporter implements Beating {
  /** The conditions that are true of what the node is short of, sorted. */
  pressures: readonly string[] = [];
  /** The part of its status that stays while the machine does. */
  machine: NodeStatus;
  /** Its lease as it renewed it last; null where it must ask for it. */
  lease: Lease | null = null;
  /** Its node as it reported it last. */
  node: Node | null = null;
  readonly #kubelet: Owner;
  /** The boot id that the API did not know yet; null when the machine has been up since the last time. */
  #rebootedAs: string | null = null;
  #notReady: NotReady = networkNotReady;
  #reportedMs = 0;
  /** How many images were in the status that it wrote last. */
  #reportedImages = 0;
  /** Whether its node was cordoned when it looked last. */
  #isCordoned = false;

  constructor(kubelet: Owner) {
    this.#kubelet = kubelet;
    this.machine = machineStatus(kubelet.identity, kubelet.simulation.random('machines'));
  }

  /** The kubelet's process has started, perhaps with the machine. `version` is its release. */
  started(version: string, hasBooted: boolean): void {
    if (hasBooted) this.machine = rebooted(this.machine, this.#kubelet.simulation.random('machines'));
    this.machine = ofVersion(this.machine, version);
    this.#isCordoned = false;
  }

  /** Registers the node and asks for its lease; false when it could not. */
  register(): boolean {
    try {
      this.node = this.#createNode();
      this.#reportedImages = this.node.status.images?.length ?? 0;
      this.#renewLease();
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      return false;
    }
    const kubelet = this.#kubelet;
    const bootId = this.#rebootedAs;
    kubelet.event('Normal', 'Starting', 'Starting kubelet.');
    if (bootId !== null)
      kubelet.event('Warning', 'Rebooted', `Node ${kubelet.name} has been rebooted, boot id: ${bootId}`);
    return true;
  }

  /** Says how the node is; one that has just come waits for its network. */
  begin(): void {
    // One that had its network before says at once how it is: a create leaves a node's status out.
    if (this.#notReady === null) this.reportStatus();
    this.#kubelet.simulation.after(networkSetupMs, () => this.#becomeReady());
  }

  /** Renews the lease, with all that this may take. False when it could not. */
  renewLease(): boolean {
    try {
      this.#renewLease();
      return true;
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      this.lease = null;
      return false;
    }
  }

  get isReportDue(): boolean {
    if (this.#kubelet.simulation.nowMs - this.#reportedMs >= statusReportMs) return true;
    return this.#kubelet.images.count !== this.#reportedImages || this.#kubelet.isDeviceReportDue;
  }

  /** True when the status of its node, written now, would say nothing new. */
  get isSteady(): boolean {
    const { conditions = [] } = this.node?.status ?? {};
    if (this.#kubelet.isDeviceReportDue) return false;
    return this.#notReady === null && sameConditions(conditions, this.#conditionsNow(conditions));
  }

  /** Writes the node's status. */
  reportStatus(): void {
    try {
      this.#reportStatus();
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      this.lease = null;
    }
  }

  /** Its node is written: what others say of it that is not so, it says again with its next beat. */
  nodeChanged({ status: { conditions = [] } }: Node): void {
    if (!sameConditions(conditions, this.#conditionsNow(conditions))) this.#reportedMs = -Infinity;
  }

  /** Somebody cordoned or uncordoned its node: it sees that when it looks again. */
  cordonChanged(): void {
    const { simulation, client, name } = this.#kubelet;
    simulation.after(statusSyncMs - (simulation.nowMs % statusSyncMs), () => {
      if (!this.#kubelet.isRunning) return;
      try {
        this.#tellCordon(client.get(nodes, '', name));
      } catch (error) {
        // Where the API does not answer, the next report sees it.
        if (!(error instanceof StatusError)) throw error;
      }
    });
  }

  /** Takes note that the node's status was written as it is. */
  reported(): void {
    this.#reportedMs = this.#kubelet.simulation.nowMs;
  }

  /** Upstream's kubelet names its node by name alone: the uid of its Events is the node's name. */
  get eventTarget(): Node {
    const node = this.node!;
    return { ...node, metadata: { ...node.metadata, uid: this.#kubelet.name } };
  }

  /** The Node as registered: a fresh one, or the one from before with a fresh status. */
  #createNode(): Node {
    try {
      return this.#kubelet.client.create(nodes, newNode(this.#kubelet.identity, this.#statusNow({})));
    } catch (error) {
      if (!isStatus(error, 'AlreadyExists')) throw error;
      const node = this.#kubelet.client.get(nodes, '', this.#kubelet.name);
      const status = { ...this.#statusNow(node.status, true), ...this.#volumeStatus(node) };
      const bootId = status.nodeInfo!.bootID;
      this.#rebootedAs = node.status.nodeInfo?.bootID === bootId ? null : bootId;
      return this.#kubelet.client.updateStatus(nodes, { ...node, status });
    }
  }

  /** What the node has attached is the controller's word; what it uses the kubelet's. */
  #volumeStatus({ status: { volumesAttached } }: Node): NodeStatus {
    const { inUse } = this.#kubelet.volumes;
    return { ...(volumesAttached && { volumesAttached }), ...(inUse && { volumesInUse: inUse }) };
  }

  #becomeReady(): void {
    if (!this.#kubelet.isRunning || this.#notReady === null) return;
    this.#notReady = null;
    try {
      this.#reportStatus();
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      this.#notReady = networkNotReady;
      this.#kubelet.simulation.after(networkSetupMs, () => this.#becomeReady(), null);
      return;
    }
    this.#tell('NodeReady');
  }

  #tell(state: string): void {
    this.#kubelet.event('Normal', state, `Node ${this.#kubelet.name} status is now: ${state}`);
  }

  #tellCordon({ spec: { unschedulable = false } }: Node): void {
    if (unschedulable === this.#isCordoned) return;
    this.#isCordoned = unschedulable;
    this.#tell(unschedulable ? 'NodeNotSchedulable' : 'NodeSchedulable');
  }

  #reportStatus(): void {
    const node = this.#kubelet.client.get(nodes, '', this.#kubelet.name);
    this.#tellCordon(node);
    const status = this.#statusNow(node.status);
    this.node = this.#kubelet.client.updateStatus(nodes, { ...node, status: { ...node.status, ...status } });
    this.#kubelet.devicesReported();
    this.#reportedMs = this.#kubelet.simulation.nowMs;
    this.#reportedImages = this.node.status.images?.length ?? 0;
  }

  #conditionsNow(old: readonly NodeCondition[]): NodeCondition[] {
    return nodeConditions(old, this.#kubelet.simulation.nowMs, this.#notReady, this.pressures);
  }

  /** What is written over the status `old`. */
  #statusNow(old: NodeStatus, isRegistration = false): NodeStatus {
    const images = imagesStatus(this.#kubelet.images.list());
    const status = {
      ...this.machine,
      conditions: this.#conditionsNow(old.conditions ?? []),
      ...(images && images.length > 0 && { images }),
    };
    return this.#kubelet.withDevices(status, old, isRegistration);
  }

  #renewLease(): void {
    const renewTime = formatMicroTime(this.#kubelet.simulation.nowMs);
    if (this.lease !== null) {
      const lease: Lease = { ...this.lease, spec: { ...this.lease.spec, renewTime } };
      this.lease = this.#kubelet.client.update(leases, lease);
      return;
    }
    const spec = { holderIdentity: this.#kubelet.name, leaseDurationSeconds, renewTime };
    const { name, uid } = this.node!.metadata;
    const owner = { apiVersion: 'v1', kind: 'Node', name, uid };
    const metadata = { name, namespace: leaseNamespace, ownerReferences: [owner] };
    try {
      this.lease = this.#kubelet.client.create(leases, { metadata, spec });
    } catch (error) {
      if (!isStatus(error, 'AlreadyExists')) throw error;
      const lease = this.#kubelet.client.get(leases, leaseNamespace, name);
      this.lease = this.#kubelet.client.update(leases, { ...lease, spec: { ...lease.spec, ...spec } });
    }
  }
}
