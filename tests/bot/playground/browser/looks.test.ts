import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { broken, covered, failures, launch, missing, openPage, overflows, picture } from './browser.ts';
import * as samples from './samples.ts';
import { openStandIn, type StandIn } from './stand-in.ts';

const states: Record<string, { before?: (server: StandIn) => void; after?: (page: Page) => Promise<unknown> }> = {
  'a conversation that has not begun': { after: (page) => page.waitForSelector('.welcome') },
  'a long conversation': { before: talk },
  'slack alone': { before: talk, after: (page) => page.getByRole('radio', { name: 'Slack' }).click() },
  'teams alone': { before: talk, after: (page) => page.getByRole('radio', { name: 'Teams' }).click() },
  json: { before: talk, after: (page) => page.getByRole('radio', { name: 'JSON' }).click() },
  'an answer under way': {
    before: (server) => {
      server.you('Show me the pipeline');
      server.answer(
        { text: 'Your pipeline holds', cards: [], fallback: '' },
        { writing: true, steps: [{ id: '1', title: 'Deals and pipeline', status: 'running' }] },
      );
    },
  },
  'decisions that ended': { before: decisions },
  'decisions in teams': { before: decisions, after: (page) => page.getByRole('radio', { name: 'Teams' }).click() },
  'lists and limits': { before: lists },
  'lists in teams': { before: lists, after: (page) => page.getByRole('radio', { name: 'Teams' }).click() },
  'a form with every field': {
    before: (server) => {
      fill(server);
      server.answers.press = () => ({ modal: samples.everyField });
    },
    after: async (page) => {
      await tab(page, 'Approvals');
      await page.locator('.approval').first().getByRole('button', { name: 'Edit' }).click();
      await page.getByRole('dialog').waitFor();
    },
  },
  'too many requests': {
    before: (server) => {
      talk(server);
      server.answers.refuseSaying = { status: 429, code: 'rate_limited', message: 'Too many requests. Wait a minute.' };
    },
    after: async (page) => {
      await page.getByRole('textbox', { name: 'Message' }).fill('And in Ohio?');
      await page.keyboard.press('Enter');
      await page.getByText('Too many requests').first().waitFor();
    },
  },
  approvals: { before: fill, after: (page) => tab(page, 'Approvals') },
  receipts: { before: fill, after: (page) => tab(page, 'Receipts') },
  costs: { before: fill, after: (page) => tab(page, 'Costs') },
  delivery: {
    before: fill,
    after: async (page) => {
      await tab(page, 'Delivery');
      await page.getByRole('button', { name: 'Deliver', exact: true }).click();
      await page.getByText('Seen before').first().waitFor();
    },
  },
  'a form with a problem': {
    before: fill,
    after: async (page) => {
      await tab(page, 'Approvals');
      await page.locator('.approval').first().getByRole('button', { name: 'Edit' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Approve' }).click();
      await page.getByText('There is no such stage').waitFor();
    },
  },
  'a question whether one is sure': {
    before: fill,
    after: async (page) => {
      await tab(page, 'Approvals');
      await page.locator('.approval').first().getByRole('button', { name: 'Approve' }).click();
      await page.getByRole('alertdialog').waitFor();
    },
  },
  'the menu of people': { after: (page) => page.locator('#people').click() },
  'the shortcuts': {
    after: async (page) => {
      await page.locator('.scroller').focus();
      await page.keyboard.press('?');
      await page.getByRole('dialog').waitFor();
    },
  },
  'a lost connection': {
    before: (server) => server.you('Are you there?'),
    after: (page) => page.waitForSelector('.bubble'),
  },
  'a key that is asked for': {
    before: (server) => {
      server.answers.refuse = { status: 401, code: 'unauthorized', message: 'Log in with an API key.' };
    },
    after: (page) => page.getByLabel('API key').waitFor(),
  },
  'a note of what a press came to': {
    before: (server) => {
      fill(server);
      server.answers.press = () => ({
        whisper: { said: { text: 'Only Dana may decide this.', cards: [], fallback: 'No' }, slack: [], teams: [] },
      });
    },
    after: async (page) => {
      await tab(page, 'Approvals');
      await page.locator('.approval').first().getByRole('button', { name: 'Skip' }).click();
      await page.getByText('Only Dana may decide this.').waitFor();
    },
  },
};

function decisions(server: StandIn): void {
  for (const [name, said] of Object.entries(samples.ended)) {
    server.you(`Send the quote to Northwind (${name})`);
    server.answer(said);
  }
  server.you('Give all of Marcus to Ann');
  server.answer(samples.batch);
}

function lists(server: StandIn): void {
  server.you('', { files: [{ name: 'dealers-autumn.csv', bytes: 181_204 }] });
  server.answer(samples.importing);
  server.you('Import it');
  server.answer(samples.importDone);
  server.you('And the other one');
  server.answer(samples.importFailed);
  server.you('Why is Northwind first?');
  server.answer(samples.score);
  server.you('Write them a letter');
  server.answer(samples.overBudget);
}

function talk(server: StandIn): void {
  server.you('Who are my top 3 leads today?');
  server.answer(samples.topLeads, { steps: [{ id: '1', title: 'My day: whom to call first', status: 'done' }] });
  server.you('Show me the pipeline');
  server.answer(samples.pipeline);
  server.you('Mark Summit Ridge as contacted', { via: 'slack' });
  server.answer(samples.changed, { via: 'slack' });
  server.you('Send the quote to Northwind');
  server.answer(samples.approval());
  server.answer(samples.choices, { whisper: true });
  server.you('', { files: [{ name: 'sample-list.csv', bytes: 1204 }] });
  server.answer(samples.dryRun);
}

function fill(server: StandIn): void {
  talk(server);
  const { answers } = server;
  const bulk = {
    id: '01a200c6-4248-77ef-a5fd-8db41e57a7cd',
    risk: 'bulk',
    confirmCount: 214,
    title: 'Set 214 leads to nurture',
  } as const;
  answers.queue = [
    samples.waiting(),
    samples.waiting({ ...bulk, reason: null, changes: [] }),
    samples.waiting({ deciderId: 'u2' }, false),
  ];
  answers.receipts = [
    samples.receipt(),
    samples.receipt({ id: 'r2', title: 'Imported sample-list.csv: 11 leads', undoneById: 'r9' }),
  ];
  answers.costs = samples.costs;
  answers.deliveries = samples.deliveries;
  answers.press = ({ values }) =>
    Object.keys(values).length ? { problems: { stage: 'There is no such stage.' } } : { modal: samples.editForm };
}

/** Beside the conversation; where there is no room for that, over it. */
async function tab(page: Page, name: string): Promise<void> {
  if (await page.locator('.panel-button').isVisible()) await page.locator('.panel-button').click();
  await page.getByRole('tab', { name }).click();
}

describe.skipIf(missing)('every state of the page, at every size and in both colours', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser.close());

  describe.each(Object.entries(states))('%s', (name, { before, after }) => {
    it.each(['desktop', 'phone'] as const)('%s: nobody is shut out, nothing is cut off, nothing goes wrong', async (size) => {
      const server = await openStandIn();
      before?.(server);
      const page = await openPage(browser, server.url, { size });
      try {
        await page.locator('.gate, .welcome, .row').first().waitFor();
        await after?.(page);
        if (name === 'a lost connection') {
          server.cut();
          await page.getByText('Connection lost').waitFor();
        }
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme });
          await page.locator(`html[data-theme=${colorScheme}]`).waitFor();
          // the frame with the other colours is drawn a moment later
          await page.waitForTimeout(150);
          await picture(page, `${name.replaceAll(' ', '-')}-${size}-${colorScheme}`);
          expect(await broken(page)).toEqual([]);
        }
        // colours of the system's choosing, and what a window of 1440 is at 200 percent
        await page.emulateMedia({ colorScheme: 'light', forcedColors: 'active' });
        await picture(page, `${name.replaceAll(' ', '-')}-${size}-forced`);
        await page.emulateMedia({ forcedColors: 'none' });
        for (const width of [1024, 768, 720, 360]) {
          await page.setViewportSize({ width, height: 640 });
          expect({ width, overflows: await overflows(page), covered: await covered(page) }).toEqual({
            width,
            overflows: false,
            covered: [],
          });
        }
        expect(failures.get(page)!.filter((text) => !/ERR_|401|429/.test(text))).toEqual([]);
      } finally {
        await page.context().close();
        await server.close();
      }
    });
  });
});
