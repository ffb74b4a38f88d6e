import type { Fault, Input } from '#classroom/recipe.ts';

/** An input in words, for the trail of causes and the strip. */
export function describeInput(input: Input): string {
  switch (input.type) {
    case 'terminalInput':
      return input.text.trimEnd();
    case 'terminalResize':
      return 'resized the terminal';
    case 'interrupt':
      return 'pressed Ctrl-C';
    case 'writeFile':
      return `wrote ${input.path}`;
    case 'speed':
      return input.speed === 0
        ? 'paused'
        : `set the speed to ${input.speed === 'max' ? 'max' : `${input.speed}×`}`;
    case 'step':
      return 'stepped';
    case 'fault':
      return describeFault(input.fault);
    case 'request':
      return `${input.request.method} ${input.request.path}`;
    case 'stream':
      return input.act.do === 'write' ? 'typed into a command' : `${input.act.do} of a stream`;
  }
}

function describeFault(fault: Fault): string {
  switch (fault.type) {
    case 'killPod':
      return `killed pod ${fault.namespace}/${fault.name}`;
    case 'stopNode':
      return `switched node ${fault.node} off`;
    case 'startNode':
      return `switched node ${fault.node} on`;
    case 'rebootNode':
      return `rebooted node ${fault.node}`;
    case 'partitionNode':
      return `cut node ${fault.node} off from the network`;
    case 'healNode':
      return `joined node ${fault.node} to the network again`;
    case 'slowNode':
      return fault.factor === 1
        ? `gave node ${fault.node} its full speed again`
        : `made node ${fault.node} ${fault.factor} times slower`;
    case 'stopComponent':
      return `stopped ${fault.component}${fault.node ? ` on ${fault.node}` : ''}`;
    case 'startComponent':
      return `started ${fault.component}${fault.node ? ` on ${fault.node}` : ''}`;
  }
}
