import { readFile } from 'node:fs/promises';
import { type AxeResults } from 'axe-core';
import { type Page } from 'playwright-core';

const axeSource = readFile(require.resolve('axe-core/axe.min.js'), 'utf8');

/**
 * What axe finds on the page as it is now, one line for each element; a test expects none.
 * The source goes through the debugger, which the Content-Security-Policy does not hold back.
 */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  await page.evaluate(await axeSource);
  const { violations } = await page.evaluate<AxeResults>(
    'axe.run(document, { resultTypes: ["violations"] })',
  );
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary = '' }) => `${id}: ${help}: ${target.join(' ')}: ${failureSummary}`),
  );
}
