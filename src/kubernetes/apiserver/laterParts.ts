import { bindings } from '#kubernetes/api/core/binding.ts';
import { componentStatuses } from '#kubernetes/api/core/componentStatus.ts';
import { laterKinds } from '#kubernetes/api/laterKinds.ts';
import { admitConnect } from './admission/connect.ts';
import { laterPlugins } from './admission/laterPlugins.ts';
import { serveCustomResources } from './customresources/customResources.ts';
import { fieldManager } from './managedFields/fieldManager.ts';
import type { ServerParts } from './server.ts';
import { customResourceDefinitionStrategy } from './strategies/customResourceDefinition.ts';
import { bindingOfNamespace } from './subresources/bindingOfNamespace.ts';
import { componentStatus } from './subresources/componentStatus.ts';
import { eviction } from './subresources/eviction.ts';
import { podSpecParts } from './subresources/podSpecParts.ts';
import { scale } from './subresources/scale.ts';
import { wire } from './wire/wire.ts';
import { certificateSigningRequestStrategy } from './strategies/certificateSigningRequest.ts';
import { approval } from './subresources/approval.ts';
import { tokenRequest } from './subresources/tokenRequest.ts';
import { jsonPatch } from './verbs/jsonPatch.ts';

/** What an API server serves beyond what a cluster needs until its nodes are Ready: one line per part. */
export const laterParts: ServerParts = {
  admitConnect,
  kinds: laterKinds,
  unstored: [bindings, componentStatuses],
  admission: laterPlugins,
  strategies: [customResourceDefinitionStrategy, certificateSigningRequestStrategy],
  subresources: [bindingOfNamespace, componentStatus, eviction, podSpecParts, scale, tokenRequest, approval],
  wire,
  postStartHooks: [serveCustomResources],
  fieldManager,
  patches: [['application/json-patch+json', jsonPatch]],
};
