import { dropReasons } from '../../../src/domain/lane/dropped-event';
import { page, tableBelow } from './pages';

it('the table of reasons holds every reason for which a lane drops an event, with its meaning', () => {
  const documented = tableBelow(page('docs/flux.md'), 'Order').map(([reason, meaning]) => [reason, meaning]);
  const capitalized = (text: string): string =>
    text.charAt(0).toUpperCase() + text.slice(1).replace(/\.$/, '');
  expect(documented).toEqual(
    Object.entries(dropReasons).map(([reason, { because }]) => [reason, capitalized(because)]),
  );
});
