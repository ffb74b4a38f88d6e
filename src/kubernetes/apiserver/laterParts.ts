import { laterKinds } from '#kubernetes/api/laterKinds.ts';
import { laterPlugins } from './admission/laterPlugins.ts';
import { serveCustomResources } from './customresources/customResources.ts';
import { fieldManager } from './managedFields/fieldManager.ts';
import type { ServerParts } from './server.ts';
import { customResourceDefinitionStrategy } from './strategies/customResourceDefinition.ts';
import { eviction } from './subresources/eviction.ts';
import { podSpecParts } from './subresources/podSpecParts.ts';
import { wire } from './wire/wire.ts';
import { tokenRequest } from './subresources/tokenRequest.ts';

/** What an API server serves beyond what a cluster needs until its nodes are Ready: one line per part. */
export const laterParts: ServerParts = {
  kinds: laterKinds,
  admission: laterPlugins,
  strategies: [customResourceDefinitionStrategy],
  subresources: [eviction, podSpecParts, tokenRequest],
  wire,
  postStartHooks: [serveCustomResources],
  fieldManager,
};
