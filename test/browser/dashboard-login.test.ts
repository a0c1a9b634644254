import { resolve } from 'node:path';
import { type Browser, type BrowserContext, type Page } from 'playwright-core';
import { openBrowser } from '../support/browser';
import { accessibilityFaults } from '../support/dashboard/accessibility';
import { adasToken, type LoginServer, startLoginServer } from '../support/dashboard/login-server';
import { type OidcIssuer, startOidcIssuer } from '../support/oidc-issuer';

const dashboard = resolve(__dirname, '../../dist/dashboard');

let browser: Browser;
let issuer: OidcIssuer;
let server: LoginServer;
let context: BrowserContext;
let page: Page;
let faults: string[];

beforeAll(async () => {
  browser = await openBrowser();
  issuer = await startOidcIssuer({ alice: { groups: ['release'] } });
  server = await startLoginServer({
    dashboard,
    flags: { oidcIssuerUrl: issuer.url, oidcClientId: 'windlass' },
  });
});
afterAll(async () => {
  await browser.close();
  await server.close();
  await issuer.stop();
});

beforeEach(async () => {
  context = await browser.newContext({ locale: 'en-US', timezoneId: 'UTC' });
  page = await context.newPage();
  faults = [];
  page.on('pageerror', (error) => void faults.push(String(error)));
});
afterEach(async () => {
  await context.close();
  if (faults.length > 0) throw new Error(faults.join('\n'));
});

const account = (name: string) => page.getByRole('button', { name: `Account of ${name}` });
const pathOf = () => new URL(page.url()).pathname;

async function pasteToken(token: string): Promise<void> {
  await page.getByText('Use a token').click();
  await page.getByLabel('Token', { exact: true }).fill(token);
  await page.keyboard.press('Enter');
}

it('logs in by a link, whose code does not stay in the address, and once only', async () => {
  const link = server.link(adasToken);
  await page.goto(link);
  await account('token:ada').waitFor();
  expect(page.url()).toBe(`${server.url}/`);
  await context.clearCookies();
  await page.goto(link);
  await page.getByText('This link was already used, has expired, or is in a page of another site').waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);
});

it('logs in by a token at the address that was wanted, and out again', async () => {
  await page.goto(`${server.url}/figures`);
  await page.getByRole('heading', { name: 'Log in to Windlass' }).waitFor();
  await pasteToken('an-unknown-token-of-some-length');
  await page.getByText('The token is not known here').waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);
  await page.getByLabel('Token', { exact: true }).fill(adasToken);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Figures' }).waitFor();
  expect(pathOf()).toBe('/figures');

  await account('token:ada').click();
  await page.getByText('a static token').waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);
  await page.getByRole('button', { name: 'Log out' }).click();
  await page.getByRole('heading', { name: 'Log in to Windlass' }).waitFor();
  expect(await page.getByText('Your session has ended').count()).toBe(0);
  expect(await context.cookies()).toEqual([]);
});

it('logs in at the issuer, and comes back to the address that was wanted', async () => {
  await page.goto(`${server.url}/figures?weeks=4`);
  await page.getByRole('link', { name: `Log in with ${new URL(issuer.url).host}` }).click();
  await page.getByPlaceholder('Enter any login').fill('alice');
  await page.getByPlaceholder('and password').fill('any');
  await page.getByRole('button', { name: 'Sign-in' }).click();
  await page.getByRole('button', { name: 'Continue' }).click();
  await account('oidc:alice').waitFor();
  expect(page.url()).toBe(`${server.url}/figures?weeks=4`);
  // No script can read the session.
  expect(await page.evaluate('document.cookie')).not.toContain('windlass');
});

it('shows the login page when a session ends while someone works, and continues where it was', async () => {
  await page.clock.install();
  await page.goto(server.link(adasToken));
  await account('token:ada').waitFor();
  await page.getByRole('link', { name: 'Figures' }).click();
  await page.getByRole('heading', { level: 1, name: 'Figures' }).waitFor();
  // From here on, any request can find that the session has ended.
  const known = new Map(server.tokens);
  server.tokens.clear();
  await page.clock.fastForward('08:01:00');
  await page.getByText('Your session has ended').waitFor();
  expect(await page.evaluate('document.activeElement.textContent')).toBe('Log in to Windlass');
  for (const [hash, entry] of known) server.tokens.set(hash, entry);
  await pasteToken(adasToken);
  await account('token:ada').waitFor();
  expect(pathOf()).toBe('/figures');
});
