import { type Session } from '../access/open-session';
import { followEvents, type StreamEvent } from '../api/event-stream';
import { silenceNote } from '../views/freshness';
import { stateOf } from '../views/pipelines';
import { paintState } from '../views/states';
import { defined } from './defined';
import { parseNamespacedName } from './pipeline-argument';

export interface WatchFlags {
  readonly namespace?: string;
  readonly output?: 'json';
}

/** `windlass watch`: a line for each change, until the command is stopped. @throws CommandFault when the server refuses */
export async function watch(
  session: Session,
  pipeline: string | undefined,
  flags: WatchFlags,
): Promise<never> {
  if (pipeline !== undefined) parseNamespacedName('Pipeline', pipeline);
  const { terminal } = session;
  const query = defined({ pipeline, namespace: flags.namespace });
  const shown: Shown = { lines: new Map(), workers: undefined };
  for await (const event of followEvents(session.client, { query }, session.pause)) {
    if (event.name === 'lost') terminal.note(`Connecting again: ${event.because}`);
    else if (flags.output === 'json') terminal.print(JSON.stringify({ event: event.name, ...event.data }));
    else printEvent(session, event, shown);
  }
  throw new Error('The stream of changes has no end.');
}

/** What was printed last. */
interface Shown {
  /** By environment. */
  readonly lines: Map<string, string>;
  workers: string | undefined;
}

function printEvent(session: Session, event: Exclude<StreamEvent, { name: 'lost' }>, shown: Shown): void {
  const { terminal, style, now } = session;
  const time = style.dim(new Date(now()).toISOString().slice(0, 19) + 'Z');
  switch (event.name) {
    case 'environment': {
      const { namespace, pipeline, environment } = event.data;
      const state = stateOf(environment);
      const place = `${namespace}/${pipeline} ${environment.name}`;
      const label = state === '' ? '' : `${paintState(state, style)(state)}: `;
      const line = `${style.bold(place)} ${label}${environment.sentence}`;
      // A change of what is not shown is no news.
      if (shown.lines.get(place) === line) return;
      shown.lines.set(place, line);
      terminal.print(`${time} ${line}`);
      return;
    }
    case 'removed':
      terminal.print(`${time} ${style.bold(`${event.data.namespace}/${event.data.pipeline}`)} was removed`);
      return;
    case 'freezes':
      // `windlass get freezes` lists them; what they hold says so itself.
      return;
    case 'reset':
      terminal.note('Some changes were missed: windlass get pipelines shows how things are.');
      return;
    case 'workers':
      // Each stream begins with it.
      if (event.data.workers === 'silent' && shown.workers !== 'silent')
        terminal.note(silenceNote(event.data, now()));
      shown.workers = event.data.workers;
  }
}
