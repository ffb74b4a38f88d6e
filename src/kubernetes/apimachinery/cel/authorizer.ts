// Upstream: apiserver/pkg/cel/library/authz.go
import type { Environment } from '@marcbachmann/cel-js';

/** What an expression asks of the authorizer: a resource of an object, or a path. */
export interface AccessQuestion {
  /** Absent for the one who makes the request. */
  readonly serviceAccount?: { readonly namespace: string; readonly name: string };
  readonly verb: string;
  readonly path?: string;
  readonly group?: string;
  readonly resource?: string;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
}

/** Answers whether it may be, and why not. */
export type AskAccess = (question: AccessQuestion) => {
  readonly isAllowed: boolean;
  readonly reason: string;
};

type Asked = Omit<AccessQuestion, 'verb'>;

/** The `authorizer` of an expression. */
export class Authorizer {
  readonly ask: AskAccess;
  readonly asked: Asked;
  /** The check of the very object that the request is about. */
  readonly requestResource: ResourceCheck | undefined;

  constructor(ask: AskAccess, asked: Asked = {}, requested?: Asked) {
    this.ask = ask;
    this.asked = asked;
    this.requestResource = requested && new ResourceCheck(ask, requested);
  }
}

class PathCheck {
  readonly ask: AskAccess;
  readonly asked: Asked;
  constructor(ask: AskAccess, asked: Asked) {
    this.ask = ask;
    this.asked = asked;
  }
}

class GroupCheck extends PathCheck {}
class ResourceCheck extends PathCheck {}

class Decision {
  readonly isAllowed: boolean;
  readonly reason: string;
  constructor(isAllowed: boolean, reason: string) {
    this.isAllowed = isAllowed;
    this.reason = reason;
  }
}

function check({ ask, asked }: PathCheck, verb: string): Decision {
  const { isAllowed, reason } = ask({ ...asked, verb });
  return new Decision(isAllowed, reason);
}

/** What an expression may ask of who may do what. */
export function addAuthorizerFunctions(environment: Environment): void {
  environment
    .registerType('Authorizer', Authorizer)
    .registerType('PathCheck', PathCheck)
    .registerType('GroupCheck', GroupCheck)
    .registerType('ResourceCheck', ResourceCheck)
    .registerType('Decision', Decision)
    .registerFunction(
      'Authorizer.path(string): PathCheck',
      ({ ask, asked }: Authorizer, path: string) => new PathCheck(ask, { ...asked, path }),
    )
    .registerFunction(
      'Authorizer.group(string): GroupCheck',
      ({ ask, asked }: Authorizer, group: string) => new GroupCheck(ask, { ...asked, group }),
    )
    .registerFunction(
      'Authorizer.serviceAccount(string, string): Authorizer',
      ({ ask }: Authorizer, namespace: string, name: string) =>
        new Authorizer(ask, { serviceAccount: { namespace, name } }),
    )
    .registerFunction(
      'GroupCheck.resource(string): ResourceCheck',
      ({ ask, asked }: GroupCheck, resource: string) => new ResourceCheck(ask, { ...asked, resource }),
    )
    .registerFunction('PathCheck.check(string): Decision', check)
    .registerFunction('ResourceCheck.check(string): Decision', check)
    .registerFunction('Decision.allowed(): bool', ({ isAllowed }: Decision) => isAllowed)
    .registerFunction('Decision.reason(): string', ({ reason }: Decision) => reason)
    .registerFunction('Decision.errored(): bool', () => false)
    .registerFunction('Decision.error(): string', () => '');
  for (const field of ['subresource', 'namespace', 'name'] as const)
    environment.registerFunction(
      `ResourceCheck.${field}(string): ResourceCheck`,
      ({ ask, asked }: ResourceCheck, value: string) => new ResourceCheck(ask, { ...asked, [field]: value }),
    );
  // Selectors narrow what is asked for; rules that tell by selector do not exist here.
  for (const field of ['fieldSelector', 'labelSelector'])
    environment.registerFunction(
      `ResourceCheck.${field}(string): ResourceCheck`,
      (asked: ResourceCheck) => asked,
    );
}
