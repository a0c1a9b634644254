import { z } from 'zod';

export const suspendSchema = z.boolean().default(false);
