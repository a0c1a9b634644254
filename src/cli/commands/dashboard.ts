import { type Session } from '../access/open-session';
import { type Ending } from '../exit-codes';

/** Prints a link that logs a browser in as the person of the session: no one has to copy a token. */
export async function dashboard({ client, terminal }: Session): Promise<Ending> {
  const link = await client.dashboardLink();
  terminal.print(link.href);
  return 'done';
}
