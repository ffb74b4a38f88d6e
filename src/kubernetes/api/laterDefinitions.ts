// Imported for its effect, by laterKinds.ts: whoever knows those kinds knows their schemas.
import laterSchemas from '#generated/laterSchemas.json' with { type: 'json' };
import { addDefinitions } from './definitions.ts';

addDefinitions(laterSchemas);
