import { z } from 'zod';

/** Text of which the domain says whether it will do. @param fault the end of a sentence */
export function text(maxLength: number, fault: (text: string) => string | undefined) {
  return z.string().check((context) => {
    const { value } = context;
    const message = value.length > maxLength ? `is longer than ${maxLength} characters` : fault(value);
    if (message !== undefined) context.issues.push({ code: 'custom', message, input: value });
  });
}
