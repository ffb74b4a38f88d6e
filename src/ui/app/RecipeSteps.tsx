import { Scrollable } from '#ui/parts/Scrollable.tsx';
import type { Fault, Input, Recipe } from '#classroom/recipe.ts';

/** How many steps are listed; the rest is counted. */
const stepsMax = 200;
const textCharactersMax = 400;

/** What a recipe does, in words, before anybody runs it. */
export function RecipeSteps({ recipe }: { readonly recipe: Recipe }) {
  const steps = recipe.inputs.flatMap(({ input }) => {
    const words = describeInput(input);
    return words === null ? [] : [words];
  });
  if (steps.length === 0)
    return <p className="text-dim">It starts the scenario “{recipe.scenario}”, and does nothing more.</p>;
  return (
    <Scrollable label="Steps" className="max-h-72 rounded-md border border-line bg-sunken">
      <ol className="p-2 font-mono">
        <li className="text-dim">start scenario {recipe.scenario}</li>
        {steps.slice(0, stepsMax).map((words, index) => (
          // oxlint-disable-next-line react/no-array-index-key -- steps have no other identity and never move
          <li key={index} className="break-words whitespace-pre-wrap">
            {words}
          </li>
        ))}
        {steps.length > stepsMax && <li className="text-dim">and {steps.length - stepsMax} more</li>}
      </ol>
    </Scrollable>
  );
}

/** Null for what changes nothing in the cluster. */
export function describeInput(input: Input): string | null {
  switch (input.type) {
    case 'terminalInput':
      return input.text === '\u0004' ? 'Ctrl-D' : `$ ${shorten(input.text.trimEnd())}`;
    case 'interrupt':
      return 'Ctrl-C';
    case 'writeFile':
      return `write ${input.path} (${input.text.length} characters)`;
    case 'fault':
      return describeFault(input.fault);
    case 'speed':
      return input.speed === 0 ? 'pause' : `speed ${input.speed}`;
    case 'step':
      return 'step';
    case 'request': {
      const { method, path, user } = input.request;
      return method === 'GET' ? null : `${method} ${path} as ${user.name}`;
    }
    case 'stream':
      return input.act.do === 'write' && input.act.text !== null ? `> ${shorten(input.act.text)}` : null;
    case 'terminalResize':
      return null;
  }
}

function describeFault(fault: Fault): string {
  if (fault.type === 'killPod') return `kill pod ${fault.namespace}/${fault.name}`;
  if (fault.type === 'slowNode')
    return fault.factor === 1
      ? `full speed for node ${fault.node}`
      : `make node ${fault.node} ${fault.factor} times slower`;
  const verb = verbs[fault.type];
  return 'component' in fault
    ? `${verb} ${fault.component}${fault.node === null ? '' : ` on ${fault.node}`}`
    : `${verb} node ${fault.node}`;
}

const verbs = {
  stopNode: 'stop',
  startNode: 'start',
  rebootNode: 'reboot',
  partitionNode: 'cut off',
  healNode: 'reconnect',
  stopComponent: 'stop',
  startComponent: 'start',
} as const;

function shorten(text: string): string {
  return text.length > textCharactersMax ? `${text.slice(0, textCharactersMax)} …` : text;
}
