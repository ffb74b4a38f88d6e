// Upstream: cli-runtime/pkg/printers/jsonpath.go
import { Jsonpath } from '#kubernetes/apimachinery/jsonpath.ts';
import { CommandError } from '../errors.ts';
import { goFormat } from './goFormat.ts';

/** Prints what a JSONPath template finds in an object. */
export function jsonPathPrinter(
  template: string,
  options: { readonly asJson: boolean; readonly allowMissingKeys: boolean },
): (object: unknown) => string {
  let path: Jsonpath;
  try {
    path = new Jsonpath(template);
  } catch (error) {
    throw new CommandError(`error parsing jsonpath ${template}, ${(error as Error).message}`);
  }
  return (object) => {
    try {
      return path.print(object, options);
    } catch (error) {
      throw new CommandError(
        `error executing jsonpath ${JSON.stringify(template)}: Error executing template: ${(error as Error).message}. Printing more information for debugging the template:\n\ttemplate was:\n\t\t${template}\n\tobject given to jsonpath engine was:\n\t\t${goFormat(object)}\n\n`,
      );
    }
  };
}
