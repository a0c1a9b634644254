import { type Session } from '../access/open-session';
import { type Ending } from '../exit-codes';
import { type OutputFormat, printData } from '../text/formats';
import { freshnessNotes } from '../views/freshness';
import { nextSteps } from '../views/next-steps';
import { describePipeline } from '../views/pipeline-details';
import { describePromotion } from '../views/promotion-details';
import { explain } from '../views/why';
import { readEnvironment } from './environment-details';
import { parseNamespacedName } from './pipeline-argument';

export interface DescribeFlags {
  readonly output?: OutputFormat;
}

/** `windlass describe pipeline` */
export async function describePipelineCommand(
  session: Session,
  pipeline: string,
  flags: DescribeFlags,
): Promise<Ending> {
  const { client, terminal, style, now } = session;
  const params = parseNamespacedName('Pipeline', pipeline);
  const details = await client.call('getPipeline', { params });
  if (!printData(session, flags.output, details))
    for (const line of describePipeline(details, now(), style)) terminal.print(line);
  for (const note of freshnessNotes(details, now())) terminal.note(note);
  return 'done';
}

/** `windlass describe promotion` */
export async function describePromotionCommand(
  session: Session,
  id: string,
  flags: DescribeFlags,
): Promise<Ending> {
  const { client, terminal, style, now } = session;
  const details = await client.call('getPromotion', { params: { id } });
  if (!printData(session, flags.output, details))
    for (const line of describePromotion(details, now(), style)) terminal.print(line);
  for (const note of freshnessNotes(details, now())) terminal.note(note);
  return 'done';
}

/** `windlass why`: the sentence of the environment, each closed gate, and who can do what next. */
export async function why(
  session: Session,
  pipeline: string,
  environment: string,
  flags: DescribeFlags,
): Promise<Ending> {
  const { client, terminal, style, now } = session;
  const ref = parseNamespacedName('Pipeline', pipeline);
  const details = await readEnvironment(session, ref, environment);
  const { acting } = details.environment;
  const [{ name, allowed }, promotion] = await Promise.all([
    client.call('me', { query: ref }),
    acting === undefined ? undefined : client.call('getPromotion', { params: { id: acting.promotion } }),
  ]);
  const gates = promotion?.gates ?? [];
  const steps = nextSteps({ ...details, closed: gates });
  if (!printData(session, flags.output, { environment: details.environment, gates, steps, allowed })) {
    const lines = explain({ environment: details.environment, gates, steps, name, allowed }, style);
    for (const line of lines) terminal.print(line);
  }
  for (const note of freshnessNotes(details.pipeline, now())) terminal.note(note);
  return 'done';
}
