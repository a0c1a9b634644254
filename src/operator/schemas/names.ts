/** The parts of paths and queries. */
import { z } from 'zod';
import { vouchings } from '../../domain/people/actor';
import {
  longestNamespace,
  longestObjectName,
  namespacePattern,
  objectNamePattern,
} from '../../domain/kubernetes-names';

export const namespace = z
  .string()
  .max(longestNamespace)
  .regex(namespacePattern)
  .meta({ description: 'A namespace', examples: ['apps'] });

export const pipelineName = z
  .string()
  .max(longestObjectName)
  .regex(objectNamePattern)
  .meta({ description: 'The name of a Pipeline', examples: ['shop'] });

/**
 * No control characters, and none that are invisible or change the direction of text. Without `\p{…}`, which other
 * languages' regular expressions do not have: they read the OpenAPI document.
 */
const printable = /^[^\u0000-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]+$/;
const printableWithoutSpace =
  /^[^\s\u0000-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]+$/;

export const environmentName = z
  .string()
  .max(253)
  .regex(printable)
  .meta({ description: 'An environment of the Pipeline, the one promoted into', examples: ['prod'] });

/** As the events have it. */
export const version = z
  .string()
  .max(256)
  .regex(printableWithoutSpace)
  .meta({ description: 'A version, exactly as it is shown', examples: ['1.4.0'] });

/** A sentence of a person; the server removes line breaks and characters that change the direction of text. */
export const reason = z
  .string()
  .min(1)
  .max(1_000)
  .meta({ description: 'Why, for the record', examples: ['It is slow'] });

export const time = z.iso.datetime({ offset: true }).meta({ description: 'RFC 3339' });

/** `namespace/name`. */
export const pipelineRef = z
  .string()
  .max(longestNamespace + 1 + longestObjectName)
  .regex(/^[^/]+\/[^/]+$/)
  .meta({ description: 'A Pipeline, as namespace/name', examples: ['apps/shop'] });

export const person = z.object({
  name: z.string().meta({ description: 'With the prefix of what vouches for it' }),
  via: z.enum(vouchings).optional(),
});
