import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPlayground, type Playground } from '../driver.ts';
import { broken, failures, launch, missing, openPage, picture } from './browser.ts';

/** The real product behind the page: what somebody does in their first minutes. */
describe.skipIf(missing)('the playground in a browser', () => {
  let browser: Browser;
  let playground: Playground;
  beforeAll(async () => {
    browser = await launch();
    playground = await openPlayground({ demo: true });
  });
  afterAll(async () => {
    await browser.close();
    await playground.close();
  });

  const open = async (): Promise<Page> => {
    const page = await openPage(browser, playground.url);
    page.context().setDefaultTimeout(40_000);
    await page.locator('#say').waitFor();
    return page;
  };
  const say = async (page: Page, text: string): Promise<void> => {
    await page.locator('#say').fill(text);
    await page.locator('#say').press('Enter');
  };
  const slack = (page: Page) => page.getByRole('group', { name: 'In Slack' });
  const teams = (page: Page) => page.getByRole('group', { name: 'In Teams' });

  it('every suggestion is understood, and the page stays whole', async () => {
    const page = await open();
    await page.locator('.idea:not(.list)').first().waitFor();
    const ideas = await page.locator('.idea:not(.list)').allInnerTexts();
    expect(ideas.length).toBeGreaterThan(2);
    await page.locator('.idea').first().click();
    await slack(page).getByText('Call these 3 first').waitFor();
    await teams(page).getByText('Call these 3 first').waitFor();
    for (const [i, idea] of ideas.entries()) {
      if (i) await say(page, idea);
      await expect.poll(() => page.locator('.answer .made').count()).toBeGreaterThan(i);
    }
    expect((await slack(page).allInnerTexts()).join('\n')).not.toMatch(/I (?:do not|did not|cannot) /);
    await picture(page, 'product');
    expect(await broken(page)).toEqual([]);
    expect(failures.get(page)).toEqual([]);
    await page.context().close();
  });

  it('a change leaves a receipt that is taken back at a press', async () => {
    const page = await open();
    await say(page, 'Mark Prairie Power & Air as contacted');
    await page.getByRole('tab', { name: 'Receipts' }).click();
    const receipt = page.locator('.receipt', { hasText: 'nurture → contacted' }).first();
    await receipt.getByRole('button', { name: /^Undo/ }).click();
    await page.locator('.receipt', { hasText: 'Undone' }).first().waitFor();
    await page.context().close();
  });

  it('what is approved in one window reaches its end in the other, on every face', async () => {
    const [one, other] = [await open(), await open()];
    await say(one, 'Switch to the template profile');
    const title = /Score by Template, version 1/;
    for (const page of [one, other]) {
      await page.locator('.approval', { hasText: title }).waitFor();
      await teams(page).getByRole('button', { name: 'Approve' }).last().waitFor();
    }
    await teams(one).getByRole('button', { name: 'Approve' }).last().click();
    for (const page of [one, other]) {
      await slack(page)
        .getByText(/Approved by Owner/)
        .first()
        .waitFor();
      await teams(page)
        .getByText(/Approved by Owner/)
        .first()
        .waitFor();
      await page.locator('.approval', { hasText: title }).waitFor({ state: 'detached' });
    }
    await one.context().close();
    await other.context().close();
  });

  it('a message that is delivered twice is answered once', async () => {
    const page = await open();
    await page.locator('.answer .made').first().waitFor();
    const before = await page.locator('.answer .made').count();
    await page.getByRole('tab', { name: 'Delivery' }).click();
    await page.getByLabel('Message', { exact: true }).fill('how many gold leads in Texas?');
    await page.getByRole('button', { name: 'Deliver', exact: true }).click();
    await page.locator('.deliveries li').nth(2).waitFor();
    const outcomes = await page.locator('.delivery-outcome').allInnerTexts();
    expect(outcomes.map((text) => text.split(':')[0]).sort()).toEqual(['New', 'Seen before', 'Seen before']);
    await slack(page)
      .getByText(/gold leads in Texas/)
      .last()
      .waitFor();
    await page.waitForTimeout(1500);
    expect(await page.locator('.answer .made').count()).toBe(before + 1);
    await page.context().close();
  });

  it('an outsider is told nothing', async () => {
    const page = await open();
    await page.locator('#people').click();
    await page.getByRole('menuitemradio', { name: /outsider/ }).click();
    await page.getByText('This is what an outsider sees').waitFor();
    await say(page, 'Who are my top 3 leads today?');
    await page.locator('.answer').first().waitFor();
    await expect.poll(() => slack(page).count()).toBeGreaterThan(0);
    expect((await slack(page).allInnerTexts()).join('\n')).not.toMatch(/Copperlyn|Northwind|Prairie/);
    await page.context().close();
  });

  it('the sample list is read, shown before anything is kept, imported at a press, and shows how far it is', async () => {
    const page = await open();
    await page.locator('#people').click();
    await page.getByRole('menuitemradio', { name: /Dana/ }).click();
    await page.getByRole('button', { name: /Import a list/ }).click();
    await page.locator('.attachment').getByText(/KB$/).waitFor();
    await page.locator('#say').press('Enter');
    const press = slack(page).getByRole('button', { name: /^Import/ });
    await press.waitFor();
    await picture(page, 'product-dry-run');
    await press.click();
    await page.getByRole('tab', { name: 'Receipts' }).click();
    await page.locator('.receipt', { hasText: 'sample-list.csv' }).waitFor();
    for (const face of [slack(page), teams(page)]) await face.getByText(/Imported 11 leads from sample-list.csv/).waitFor();
    await picture(page, 'product-imported');
    expect(await broken(page)).toEqual([]);
    await page.context().close();
  });
});
