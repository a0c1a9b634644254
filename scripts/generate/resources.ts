/** The files that are generated from the schemas in src/resources. */
import { specSchema } from '../../src/resources/pipeline-schema';
import { crdFile, crdText } from './crd';
import { type Generator } from './generated-file';
import { toJsonSchema } from './json-schema';
import { pipelinePage, withFields } from './pipeline-page';

export const generateFromResources: Generator = (committed) => [
  { path: crdFile, text: crdText() },
  { path: pipelinePage, text: withFields(committed(pipelinePage), toJsonSchema(specSchema)) },
];
