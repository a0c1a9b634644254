import {
  endsInTrailers,
  fillMessageTemplate,
  longestMessageTemplate,
  messageTemplateFault,
} from '../../../../src/domain/promotion/commit-message';
import {
  formatPromotionMessage,
  parsePromotionMessage,
} from '../../../../src/domain/promotion/promotion-commit';
import { deployment, pipelineRef } from '../../../support/events';

const facts = {
  title: 'Promote apps/shop in staging to 1.4.0',
  application: 'shop',
  pipeline: 'apps/shop',
  from: 'dev',
  environment: 'staging',
  version: '1.4.0',
};

it.each([
  ['{title}', facts.title],
  ['chore({application}): {version} into {environment}', 'chore(shop): 1.4.0 into staging'],
  ['{pipeline} from {from}\n\nbody\n', 'apps/shop from dev\n\nbody'],
  ['braces {} {1} { version } stay', 'braces {} {1} { version } stay'],
])('the template %j is filled in', (template, message) => {
  expect(messageTemplateFault(template)).toBeUndefined();
  expect(fillMessageTemplate(template, facts)).toBe(message);
});

it.each([
  [' \n', 'must not be blank'],
  ['{Version}', 'has the unknown variable {Version}: there are {title}, {application}, {pipeline}, {from}'],
  ['{{.Version}} {constructor}', 'unknown variable {constructor}'],
  ['a\u0007', 'control character'],
  ['a\r\nb', 'control character'],
  ['x\n\nWindlass-Version: 9', 'begins with Windlass-'],
  ['x'.repeat(longestMessageTemplate + 1), 'is longer than'],
])('the template %j is refused', (template, fault) => {
  expect(messageTemplateFault(template)).toContain(fault);
});

it('a value is not read as a template again', () => {
  expect(fillMessageTemplate('{version}', { ...facts, version: '{title} $& $1' })).toBe('{title} $& $1');
});

it.each([
  ['title', false],
  ['title\n\nwords of a body', false],
  ['Signed-off-by: Bot <b@e>', false],
  ['title\n\nSigned-off-by: Bot <b@e>', true],
  ['title\n\nbody\n\nCo-authored-by: A <a@e>\nSigned-off-by: B <b@e>', true],
])('%j ends in trailers: %s', (message, ends) => {
  expect(endsInTrailers(message)).toBe(ends);
});

it('what a message quotes of another promotion does not count', () => {
  const other = formatPromotionMessage(pipelineRef, 'prod', deployment({ version: '9.9.9', release: 9 }));
  const event = deployment({ version: '1.4.0', release: 4 });
  const message = formatPromotionMessage(pipelineRef, 'staging', event, { message: `Again\n\n${other}` });
  expect(parsePromotionMessage(message)).toMatchObject({ environment: 'staging', version: '1.4.0' });
});
