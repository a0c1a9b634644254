/** The files that are generated from the schemas in src/resources. */
import { freezeSpecSchema } from '../../src/resources/freeze-schema';
import { specSchema } from '../../src/resources/pipeline-schema';
import { crdFile, crdText } from './crd';
import { freezeResource } from './freeze-crd';
import { gatesPage, withFreezeFields } from './gates-page';
import { type Generator } from './generated-file';
import { toJsonSchema } from './json-schema';
import { pipelineResource } from './pipeline-crd';
import { pipelinePage, withFields } from './pipeline-page';

export const generateFromResources: Generator = (committed) => [
  ...[pipelineResource, freezeResource].map((resource) => ({
    path: crdFile(resource),
    text: crdText(resource),
  })),
  { path: pipelinePage, text: withFields(committed(pipelinePage), toJsonSchema(specSchema)) },
  { path: gatesPage, text: withFreezeFields(committed(gatesPage), toJsonSchema(freezeSpecSchema)) },
];
