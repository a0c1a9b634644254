import { noticeKinds } from '../../../src/domain/notices/notice';
import { page, tableBelow } from './pages';

const notifications = page('docs/notifications.md');

it('docs/notifications.md lists every notice', () => {
  const documented = tableBelow(notifications, 'What is sent');
  expect(documented).toEqual(
    Object.values(noticeKinds).map(({ heading, reason, severity, about, meaning }) => [
      `${heading}:`,
      reason,
      severity,
      about,
      meaning.replaceAll('`', ''),
    ]),
  );
});
