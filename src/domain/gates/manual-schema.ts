import { z } from 'zod';

export const manualSchema = z
  .boolean()
  .default(false)
  .describe('Holds each promotion until its version is approved.');
