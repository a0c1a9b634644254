import { execFileSync } from 'node:child_process';
import { readAccessPolicy } from '../../../src/access/policy/access-policy-schema';
import { hashOfToken } from '../../../src/access/tokens/static-tokens';
import { readTokenFile } from '../../../src/access/tokens/token-file-schema';
import { verbs } from '../../../src/domain/people/rights';
import { codeBlocks, page, tableBelow } from './pages';

const access = page('docs/access.md');
const blocks = codeBlocks(access);
const fileOf = (kind: string) => blocks.filter(({ text }) => text.includes(`kind: ${kind}\n`));

it('the example of a file of tokens is valid', () => {
  const examples = fileOf('ApiTokens');
  expect(examples).toHaveLength(1);
  for (const { text } of examples) expect(readTokenFile(text, 'tokens.yaml').faults).toEqual([]);
});

it('the example of an access policy is valid', () => {
  const examples = fileOf('AccessPolicy');
  expect(examples).toHaveLength(1);
  for (const { text } of examples) expect(readAccessPolicy(text, 'access.yaml').faults).toEqual([]);
});

it('the table of verbs has every verb', () => {
  expect(tableBelow(access, 'Verbs').map(([verb]) => verb)).toEqual(Object.keys(verbs));
});

it('the commands make a token and the hash that the file needs', () => {
  const command = blocks.find(({ text }) => text.includes('sha256sum'))?.text ?? '';
  const printed = execFileSync('sh', ['-ec', `${command}\nprintf '%s' "$token"`], { encoding: 'utf8' });
  const [hash = '', token = ''] = printed.split(/\s+-\s+/);
  expect(token.length).toBeGreaterThanOrEqual(20);
  expect(hash).toBe(hashOfToken(token));
});
