// Imported for its effect, by whoever is about to admit inputs: the shell and its tools are there from then on.
import { machineTools } from '#shell/machineTools.ts';
import { networkTools } from '#shell/network/networkTools.ts';
import { programs } from '#shell/programs.ts';
import { installTools } from './tools.ts';

installTools(new Map([...programs, ...networkTools, ...machineTools]));
