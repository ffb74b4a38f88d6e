import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Recipe } from '#classroom/recipe.ts';
import type { Scenario } from '#classroom/scenario.ts';
import type { ApiRequest, ApiResponse, UserInfo } from '#kubernetes/api/request.ts';
import { StatusError } from '#kubernetes/apimachinery/statusError.ts';
import { upgradeRequired } from '#kubernetes/apiserver/wire/upgrade.ts';
import { learner } from '#session/learner.ts';
import { workstationPrograms } from '#session/programs.ts';
import { Session } from '#session/session.ts';
import { authenticate, impersonation, type TokenReview } from './authentication.ts';
import { type Certificates, makeCertificates } from './certificates.ts';
import { Driver } from './driver.ts';
import { serveOpenApiV2 } from './openApiV2.ts';
import { RecordingRoom } from './recording.ts';
import { readRequest } from './requestReader.ts';
import { auditId, writeError, writeResponse, writeStream } from './responseWriter.ts';
import { Upgrader } from './streaming/upgrade.ts';

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
  /** What the log of the session may take; as much as a share link may, when absent. */
  readonly recordingBytesMax?: number;
}

/** A session behind HTTP: it decodes, hands to the cluster's one handler, and encodes (D1). */
export class Bridge {
  readonly session: Session;
  readonly driver: Driver;
  /** Null over plain http. */
  readonly certificates: Certificates | null;
  readonly #settings: BridgeSettings;
  readonly #server: Server;
  readonly #upgrader = new Upgrader((message, request, onAnswer) =>
    this.#ask({ ...request, ...this.#sender(message) }, onAnswer),
  );

  constructor(settings: BridgeSettings) {
    this.#settings = settings;
    const { scenario, seed, host, http } = settings;
    const room = new RecordingRoom(settings.recordingBytesMax);
    this.session = new Session({
      scenario,
      seed,
      loadSoftware: () => Promise.resolve(workstationPrograms),
      onOutput: () => {},
      hasRoom: (input) => room.take(input),
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

  /** Plays a recording in place of `listen`'s first seconds. False where it did not come to the same state. */
  replay(recipe: Recipe): Promise<boolean> {
    return this.driver.replay(recipe);
  }

  async #answer(message: IncomingMessage, reply: ServerResponse): Promise<void> {
    reply.on('error', () => reply.destroy());
    reply.setHeader('Audit-Id', auditId(message));
    try {
      const sender = this.#sender(message);
      const request = { ...(await readRequest(message)), ...sender };
      if (request.path === '/openapi/v2') serveOpenApiV2(message, reply);
      else this.#ask(request, (response) => this.#reply(request, response, message, reply));
    } catch (error) {
      writeError(message, reply, statusOf(error));
      // What is left of a body that was refused is not read.
      if (!message.complete) reply.once('finish', () => message.destroy());
    }
  }

  /**
   * The API server's answer. One that takes its time comes out of an event of the simulation, and what a client does
   * then must not be done within it.
   */
  #ask(request: ApiRequest, onAnswer: (response: ApiResponse) => void): void {
    let isLate = false;
    this.session.ask(request, (response) => {
      if (isLate) setImmediate(() => onAnswer(response));
      else onAnswer(response);
    });
    isLate = true;
  }

  #sender(message: IncomingMessage): Pick<ApiRequest, 'user' | 'impersonate'> {
    const impersonate = impersonation(message);
    return { user: this.#authenticate(message), ...(impersonate && { impersonate }) };
  }

  #authenticate(message: IncomingMessage): UserInfo {
    const review: TokenReview = (token) => {
      const found = this.session.cluster.apiServer.access?.tokens.authenticate(token);
      return found !== undefined && 'user' in found ? found.user : null;
    };
    return this.#settings.http ? authenticate(message, review, learner) : authenticate(message, review);
  }

  #reply(request: ApiRequest, response: ApiResponse, message: IncomingMessage, reply: ServerResponse): void {
    // Nobody listens at the API server's port: the bridge, which does, can only hang up.
    if (response.status === 0) reply.destroy();
    else if (response.stream) {
      const refusal = upgradeRequired(request.path);
      if (refusal !== null) {
        response.stream.close();
        writeError(message, reply, refusal);
        return;
      }
      const isLog = request.path.endsWith('/log');
      writeStream(reply, response, response.stream, isLog ? 'text' : 'events');
    } else writeResponse(message, reply, response);
  }
}

/** A refusal as it is; anything else is a bug of ours, which one request must not hide. */
function statusOf(error: unknown): StatusError {
  if (error instanceof StatusError) return error;
  console.error(error);
  return new StatusError('InternalError', `Internal error occurred: ${String(error)}`);
}
