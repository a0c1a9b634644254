import { type Browser, type Page } from 'playwright-core';

/** Where a dashboard is served, and a token that its API accepts. */
export interface DashboardServer {
  readonly url: string;
  readonly token: string;
}

export interface DashboardPageOptions {
  /** Default: the board. */
  readonly path?: string;
  readonly width?: number;
  readonly height?: number;
  readonly colorScheme?: 'light' | 'dark';
}

export interface DashboardPage {
  readonly page: Page;
  /** Errors of scripts, and what the Content-Security-Policy refused; a test expects none. */
  readonly faults: readonly string[];
  readonly close: () => Promise<void>;
}

/** A fresh page of the dashboard in a context of its own, logged in with the token, in English and UTC. */
export async function openDashboard(
  browser: Browser,
  { url, token }: DashboardServer,
  { path = '/', width = 1440, height = 900, colorScheme = 'light' }: DashboardPageOptions = {},
): Promise<DashboardPage> {
  const context = await browser.newContext({
    baseURL: url,
    locale: 'en-US',
    timezoneId: 'UTC',
    viewport: { width, height },
    colorScheme,
    reducedMotion: 'reduce',
    extraHTTPHeaders: { Authorization: `Bearer ${token}` },
  });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => void faults.push(String(error)));
  page.on('console', (message) => {
    const text = message.text();
    // That an answer is a refusal, or that none came, is for the page to show.
    if (message.type() === 'error' && !text.startsWith('Failed to load resource')) faults.push(text);
  });
  await page.goto(path);
  return { page, faults, close: () => context.close() };
}

/** Whether the page as a whole scrolls sideways. */
export function scrollsSideways(page: Page): Promise<boolean> {
  return page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth');
}
