// Upstream: apiserver/pkg/cel/environment/base.go
import { Environment } from '@marcbachmann/cel-js';
import { addAuthorizerFunctions } from './authorizer.ts';
import { addFormatFunctions } from './formats.ts';
import { addListFunctions } from './lists.ts';
import { addMacros } from './macros.ts';
import { addNamespace } from './namespace.ts';
import { addNetworkFunctions } from './network.ts';
import { addMeasures } from './quantity.ts';
import { addStringFunctions } from './strings.ts';

/** CEL with all that Kubernetes adds to it. */
function createLibrary(): Environment {
  const environment = new Environment({ enableOptionalTypes: true, homogeneousAggregateLiterals: false });
  addListFunctions(environment);
  addStringFunctions(environment);
  addMeasures(environment);
  addNetworkFunctions(environment);
  addFormatFunctions(environment);
  addAuthorizerFunctions(environment);
  addMacros(environment);
  addNamespace(environment, 'jsonpatch', 'JsonPatch');
  environment.registerFunction('JsonPatch.escapeKey(string): string', (_patch: object, key: string) =>
    key.replaceAll('~', '~0').replaceAll('/', '~1'),
  );
  return environment;
}

let library: Environment | undefined;
const environments = new Map<string, Environment>();

/** The environment of expressions that may use these variables; of any, when they are not listed. */
export function environmentFor(variables: readonly string[] | undefined): Environment {
  const key = variables?.join() ?? '*';
  let known = environments.get(key);
  if (known === undefined) {
    library ??= createLibrary();
    known = library.clone({ unlistedVariablesAreDyn: variables === undefined });
    for (const name of variables ?? []) known.registerVariable(name, 'dyn');
    environments.set(key, known);
  }
  return known;
}
