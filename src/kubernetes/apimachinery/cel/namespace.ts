import type { Environment } from '@marcbachmann/cel-js';

/** Adds a name such as `math` whose members are functions: of the type `type`, which they are registered on. */
export function addNamespace(environment: Environment, name: string, type: string): void {
  class Namespace {
    readonly name = name;
  }
  environment.registerType(type, Namespace).registerConstant(name, type, new Namespace());
}
