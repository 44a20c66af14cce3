import { existsSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import axe from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';

const program = '/usr/bin/chromium';

/** Why the tests of the page cannot run here; nothing where they can. */
export const missing = existsSync(program) ? undefined : `${program} is not installed: apt-get install chromium`;
if (missing) process.stderr.write(`The tests of the playground's page are skipped: ${missing}\n`);

export const launch = (): Promise<Browser> => chromium.launch({ executablePath: program, args: ['--no-sandbox'] });

export const sizes = {
  desktop: { width: 1440, height: 900 },
  phone: { width: 390, height: 844 },
  narrow: { width: 360, height: 640 },
};

export interface Look {
  size?: keyof typeof sizes;
  scheme?: 'light' | 'dark';
  face?: string;
}

/** The page in a window of its own that remembers nothing. What goes wrong in it is thrown by `failures`. */
export async function openPage(
  browser: Browser,
  url: string,
  { size = 'desktop', scheme = 'light', face }: Look = {},
): Promise<Page> {
  const context = await browser.newContext({ viewport: sizes[size], colorScheme: scheme, reducedMotion: 'reduce' });
  context.setDefaultTimeout(40_000);
  if (face) await context.addInitScript(`localStorage.setItem('playground.face', '${face}')`);
  const page = await context.newPage();
  const wrong: string[] = [];
  page.on('pageerror', (error) => wrong.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && wrong.push(message.text()));
  failures.set(page, wrong);
  await page.goto(url);
  return page;
}

/** Errors in the page so far, and what its console calls one. */
export const failures = new Map<Page, string[]>();

/** What of WCAG 2.2 AA and of good practice the page breaks, in words. */
export async function broken(page: Page): Promise<string[]> {
  // outside of the page's own policy, which forbids scripts of others
  await page.evaluate(axe.source);
  const found = (await page.evaluate(
    `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })`,
  )) as { violations: { id: string; help: string; nodes: { target: string[]; failureSummary: string }[] }[] };
  return found.violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${help}: ${target.join(' ')}: ${failureSummary.replaceAll(/\s+/g, ' ')}`),
  );
}

const shots = join(tmpdir(), 'sales-agent-playground');
mkdirSync(shots, { recursive: true });

/** A picture of the page, for whoever wants to look: nothing compares them. */
export const picture = (page: Page, name: string): Promise<unknown> => page.screenshot({ path: join(shots, `${name}.png`) });

/** Wider than the window: something would have to be scrolled sideways. */
export const overflows = (page: Page): Promise<boolean> =>
  page.evaluate('document.documentElement.scrollWidth > window.innerWidth') as Promise<boolean>;

/** Parts of the bar at the top that lie over one another. */
export const covered = (page: Page): Promise<string[]> =>
  page.evaluate(`(() => {
    const parts = [...document.querySelectorAll('.brand, .faces, .tools')].map((part) => [part.className, part.getBoundingClientRect()]);
    return parts.flatMap(([name, a], i) =>
      parts.slice(i + 1).filter(([, b]) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1).map(([other]) => name + ' and ' + other));
  })()`) as Promise<string[]>;
