/** How a command ends. The codes are part of the interface: CI jobs read them. */
export const exitCodes = {
  done: { code: 0, meaning: 'Done' },
  failed: {
    code: 1,
    meaning: 'The server refused the act, the promotion failed or ended otherwise, or you answered no',
  },
  usage: { code: 2, meaning: 'The command line or the profile file is invalid, or no server is named' },
  denied: { code: 3, meaning: 'No token, a token that the server does not know, or a missing permission' },
  missing: { code: 4, meaning: 'Not found, or hidden from you' },
  timeout: { code: 5, meaning: '`--wait` ended after `--timeout`' },
  away: { code: 6, meaning: 'The server does not answer, or no worker does' },
} as const;

export type Ending = keyof typeof exitCodes;

/** What a command says before it ends otherwise than `done`, as sentences. */
export class CommandFault extends Error {
  override readonly name = 'CommandFault';
  constructor(
    readonly ending: Exclude<Ending, 'done'>,
    message: string,
  ) {
    super(message);
  }
}
