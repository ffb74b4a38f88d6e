import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Scenario } from '#classroom/scenario.ts';
import type { ApiRequest, ApiResponse, UserInfo } from '#kubernetes/api/request.ts';
import { StatusError } from '#kubernetes/apimachinery/statusError.ts';
import { learner } from '#session/learner.ts';
import { workstationPrograms } from '#session/programs.ts';
import { Session } from '#session/session.ts';
import { authenticate, impersonation, type TokenReview } from './authentication.ts';
import { type Certificates, makeCertificates } from './certificates.ts';
import { Driver } from './driver.ts';
import { openApiV2, openApiV2Type } from './openApiV2.ts';
import { readRequest } from './requestReader.ts';
import { writeError, writeResponse, writeStream } from './responseWriter.ts';
import { Upgrader } from './streaming/upgrade.ts';

/** What a healthy server takes is not waited for, as in the terminal (D2). */
const unnoticedLatencyMs = 10;
/** Virtual ms until the nodes are Ready and the scenario's first commands have run. */
const startMs = 10_000;

/** The learner as kubeadm's own kubeconfig names them: the groups of the client certificate. */
const certified = { name: learner.name, groups: ['kubeadm:cluster-admins'] };

export interface BridgeSettings {
  readonly scenario: Scenario;
  readonly seed: string;
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** Plain http: everyone is the learner. */
  readonly http: boolean;
  readonly speed: number | 'max';
}

/** A session behind HTTP: it decodes, hands to the cluster's one handler, and encodes (D1). */
export class Bridge {
  readonly session: Session;
  readonly driver: Driver;
  /** Null over plain http. */
  readonly certificates: Certificates | null;
  readonly #settings: BridgeSettings;
  readonly #server: Server;
  readonly #upgrader = new Upgrader((message, request) => this.#ask(message, request));

  constructor(settings: BridgeSettings) {
    this.#settings = settings;
    const { scenario, seed, host, http } = settings;
    this.session = new Session({
      scenario,
      seed,
      loadSoftware: () => Promise.resolve(workstationPrograms),
      onOutput: () => {},
    });
    this.driver = new Driver(this.session, settings.speed);
    this.certificates = http ? null : makeCertificates([host, '127.0.0.1', '10.96.0.1'], certified);
    const answer = (message: IncomingMessage, reply: ServerResponse) => void this.#answer(message, reply);
    this.#server =
      this.certificates === null
        ? createServer(answer)
        : createSecureServer(
            {
              cert: this.certificates.server.certificate,
              key: this.certificates.server.key,
              ca: this.certificates.authority,
              requestCert: true,
              rejectUnauthorized: false,
            },
            answer,
          );
    this.#server.on('upgrade', (message, socket, head) => this.#upgrader.serve(message, socket, head));
    // A client that vanishes takes its own connection with it and nothing else.
    this.#server.on('clientError', (_error, socket) => socket.destroy());
    this.#server.on('tlsClientError', (_error, socket) => socket.destroy());
  }

  /** Brings the cluster up, which takes `skipMs` of virtual time, and listens. Rejects where the port is taken. */
  async listen(skipMs = startMs): Promise<void> {
    await this.driver.skip(skipMs);
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(this.#settings.port, this.#settings.host, resolve);
    });
  }

  /** Where clients on this machine find it. */
  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    const { host } = this.#settings;
    const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
    return `${this.certificates === null ? 'http' : 'https'}://${name.includes(':') ? `[${name}]` : name}:${port}`;
  }

  /** The user whom the kubeconfig logs in. */
  get user(): string {
    return certified.name;
  }

  /** Ends every connection, open watches too. */
  async close(): Promise<void> {
    this.driver.stop();
    this.#upgrader.close();
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  async #answer(message: IncomingMessage, reply: ServerResponse): Promise<void> {
    reply.on('error', () => reply.destroy());
    try {
      const user = this.#authenticate(message);
      const impersonate = impersonation(message);
      const request = { ...(await readRequest(message)), user, ...(impersonate && { impersonate }) };
      if (request.path === '/openapi/v2')
        reply.writeHead(200, { 'Content-Type': openApiV2Type }).end(openApiV2);
      else this.#serve(request, message, reply);
    } catch (error) {
      writeError(message, reply, statusOf(error));
      // What is left of a body that was refused is not read.
      if (!message.complete) reply.once('finish', () => message.destroy());
    }
  }

  /** The API server's answer to a request whose connection is about to leave HTTP. */
  #ask(message: IncomingMessage, request: Omit<ApiRequest, 'user'>): ApiResponse {
    const impersonate = impersonation(message);
    const user = this.#authenticate(message);
    return this.session.cluster.dial({ ...request, user, ...(impersonate && { impersonate }) });
  }

  #authenticate(message: IncomingMessage): UserInfo {
    const review: TokenReview = (token) => {
      const found = this.session.cluster.apiServer.access?.tokens.authenticate(token);
      return found !== undefined && 'user' in found ? found.user : null;
    };
    return this.#settings.http ? authenticate(message, review, learner) : authenticate(message, review);
  }

  #serve(request: ApiRequest, message: IncomingMessage, reply: ServerResponse): void {
    const { simulation, cluster } = this.session;
    const response = cluster.dial(request);
    const send = () => {
      // Nobody listens at the API server's port: the bridge, which does, can only hang up.
      if (response.status === 0) reply.destroy();
      else if (response.stream) {
        const isLog = request.path.endsWith('/log');
        writeStream(reply, response, response.stream, isLog ? 'text' : 'events');
      } else writeResponse(message, reply, response);
    };
    if (response.latencyMs > unnoticedLatencyMs) simulation.after(response.latencyMs, send);
    else send();
  }
}

/** A refusal as it is; anything else is a bug of ours, which one request must not hide. */
function statusOf(error: unknown): StatusError {
  if (error instanceof StatusError) return error;
  console.error(error);
  return new StatusError('InternalError', `Internal error occurred: ${String(error)}`);
}
