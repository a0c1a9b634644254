import { z } from 'zod';

export const promoteOnSchema = z
  .enum(['upgraded', 'tested'])
  .optional()
  .describe(
    'What a version needs in the source environment before it is promoted: upgraded, the install or upgrade, or tested, also that its Helm tests passed there. The default is upgraded.',
  );
