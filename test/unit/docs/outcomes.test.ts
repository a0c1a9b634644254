import { answers } from '../../../src/api/webhook/answers';
import { unauthorizedReasons } from '../../../src/api/webhook/unauthorized-reasons';
import { type WindlassError, failureCodes } from '../../../src/domain/errors';
import { eventFaults } from '../../../src/flux/event-faults';
import { brokenRequests } from '../../../src/http/serving/broken-requests';
import { invalidPipeline } from '../../../src/resources/invalid-pipeline';
import { promotionStates } from '../../../src/domain/promotion/states';
import { registeredMetrics } from '../../support/registered-metrics';
import { page, tableBelow } from './pages';

const outcomes = page('docs/reference/outcomes.md');
const withoutBackticks = (text: string): string => text.replaceAll('`', '');

/** A sentence with `…` for each value that is put into it. */
function sentenceOf(sentence: (...values: string[]) => string): string {
  return sentence(...Array.from({ length: sentence.length }, () => '…'));
}

function withoutRemedy({ message, code }: WindlassError): string {
  return message.replace(` ${failureCodes[code].remedy}`, '');
}

it('the table of failure codes holds every code with its retry and remedy, and nothing else', () => {
  const documented = tableBelow(outcomes, 'Failure codes').map(([code, again, , remedy]) => [
    code,
    again,
    remedy,
  ]);
  const expected = Object.entries(failureCodes).map(([code, { retryable, remedy }]) => [
    code,
    retryable ? 'yes' : 'no',
    remedy,
  ]);
  expect(documented).toEqual(expected);
});

it.each([
  ['States of a promotion that runs', false],
  ['Outcomes of a promotion', true],
] as const)('the table "%s" holds every such state with its meaning, and nothing else', (heading, ended) => {
  const documented = tableBelow(outcomes, heading).map((cells) => cells.slice(0, 2));
  const expected = Object.entries(promotionStates)
    .filter(([, state]) => state.shown && state.ended === ended)
    .map(([state, { meaning }]) => [state, withoutBackticks(meaning)]);
  expect(documented).toEqual(expected);
});

it('the table of answers holds every answer of the webhook with its status and meaning, and nothing else', () => {
  const documented = tableBelow(outcomes, 'Answers of the webhook').map((cells) => cells.slice(0, 3));
  const expected = Object.entries(answers).map(([code, { status, when }]) => [
    String(status),
    code,
    withoutBackticks(when),
  ]);
  expect(documented).toEqual(expected);
});

it('the answers to incomplete requests are listed with their statuses, and no others', () => {
  const [, named = ''] =
    /Connections that send no complete request .* get ([0-9, or]+) and/.exec(outcomes.text) ?? [];
  const statuses = Object.values(brokenRequests).map(({ status }) => String(status));
  expect((named.match(/\d+/g) ?? []).sort()).toEqual(statuses.sort());
});

it('the table of 401 holds every reason that the log names, and nothing else', () => {
  const documented = tableBelow(outcomes, '401: details in the log').map(([detail]) => detail);
  expect(documented).toEqual([
    withoutRemedy(invalidPipeline('…', '…')),
    ...Object.values(unauthorizedReasons).map(sentenceOf),
  ]);
});

it('the table of 422 holds every fault of an event, and nothing else', () => {
  const documented = tableBelow(outcomes, '422: texts of the answer').map(([text]) => text);
  expect(documented).toEqual(Object.values(eventFaults).map(sentenceOf));
});

it('the table of metrics holds every metric of ours with its labels, and nothing else', () => {
  const registered = registeredMetrics()
    .getMetricsAsArray()
    .map((metric) => {
      const { labelNames = [] } = metric as { readonly labelNames?: readonly string[] };
      return [metric.name, labelNames.join(', ')];
    });
  const documented = tableBelow(page('docs/operations.md'), 'Metrics and alerts').map(([name, , labels]) => [
    name,
    labels,
  ]);
  expect(documented.sort()).toEqual(registered.sort());
});
