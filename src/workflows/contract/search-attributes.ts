import { defineSearchAttributeKey } from '@temporalio/common';
import { bounded } from '../../domain/names';

/** SQL visibility stores a Keyword in 255 characters. */
const keywordBytes = 255;

export const pipelineAttribute = defineSearchAttributeKey('WindlassPipeline', 'KEYWORD');
export const environmentAttribute = defineSearchAttributeKey('WindlassEnvironment', 'KEYWORD');
export const versionAttribute = defineSearchAttributeKey('WindlassVersion', 'KEYWORD');
export const stateAttribute = defineSearchAttributeKey('WindlassState', 'KEYWORD');

/** Of a lane: its last change, as its memo has it. */
export const changedAttribute = defineSearchAttributeKey('WindlassChangedAt', 'DATETIME');

/** Every search attribute that Windlass sets; all must exist in the namespace. */
export const searchAttributes = [
  pipelineAttribute,
  environmentAttribute,
  versionAttribute,
  stateAttribute,
  changedAttribute,
] as const;

/** Their types, as Temporal's CLI and messages name them. */
export const attributeTypes = { KEYWORD: 'Keyword', DATETIME: 'Datetime' } as const;

/** A search attribute's value. */
export function keyword(text: string): string {
  return bounded(text, keywordBytes);
}
