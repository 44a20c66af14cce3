import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hostile as hostileTexts } from '../../cards/arbitraries.ts';
import { failures, type Look, launch, missing, openPage } from './browser.ts';
import * as samples from './samples.ts';
import { openStandIn, people, type StandIn } from './stand-in.ts';

describe.skipIf(missing)('the page', () => {
  let browser: Browser;
  let server: StandIn;
  const open = async (look: Look = {}): Promise<Page> => {
    const page = await openPage(browser, server.url, look);
    await page.locator('#say').waitFor();
    return page;
  };
  const posted = (route: string) =>
    server.heard.filter((one) => one.route === route).map(({ body }) => body as Record<string, unknown>);

  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    server = await openStandIn();
  });
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
    await server.close();
  });

  it('draws an answer as Slack and as Teams side by side, alone, and as what they are sent', async () => {
    server.answer(samples.topLeads);
    const page = await open();
    const [slack, teams] = [page.getByRole('group', { name: 'In Slack' }), page.getByRole('group', { name: 'In Teams' })];
    for (const face of [slack, teams]) {
      await face.getByText('Copperlyn Generator Co.').first().waitFor();
      await face.getByText('(918) 555-0139').waitFor();
    }
    const [left, right] = [await slack.boundingBox(), await teams.boundingBox()];
    expect(left!.y).toBe(right!.y);
    expect(left!.x + left!.width).toBeLessThanOrEqual(right!.x);
    await page.getByRole('radio', { name: 'Teams' }).click();
    expect(await slack.count()).toBe(0);
    await page.keyboard.press('ArrowRight');
    const json = await page.getByRole('group', { name: 'JSON for Slack', exact: true }).locator('pre').innerText();
    expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify((await shownIn(server, page)).slack)));
    await page.reload();
    await page.getByRole('group', { name: 'JSON for Slack', exact: true }).waitFor();
  });

  it('begins at its top, also where what there is to try does not fit', async () => {
    const page = await open({ size: 'phone' });
    const title = page.getByRole('heading', { name: 'Talk to your sales assistant' });
    await title.waitFor();
    await page.locator('.idea.list').waitFor();
    const scroller = page.locator('.scroller');
    expect(await scroller.evaluate(({ scrollHeight, clientHeight }) => scrollHeight > clientHeight)).toBe(true);
    // what is drawn late may not move it
    await page.waitForTimeout(500);
    expect((await title.boundingBox())!.y).toBeGreaterThan((await scroller.boundingBox())!.y);
  });

  it('draws charts with letters of the same size in a narrow card, and breaks no word of a table', async () => {
    server.answer(samples.pipeline);
    const columns = ['#', 'Lead', 'Tier', 'Score', 'Status', 'Place', 'Phone', 'Owner'];
    const row = ['1', 'Northwind Electric LLC (demo)', 'PLATINUM', '91.9', 'qualified', 'Columbus OH', '(614) 555-0142', 'Owner'];
    server.answer({ ...samples.topLeads, cards: [{ title: 'All leads', blocks: [{ type: 'table', columns, rows: [row] }] }] });
    for (const face of ['slack', 'teams']) {
      const heights: number[] = [];
      for (const size of ['desktop', 'phone'] as const) {
        const page = await open({ size, face });
        const tick = page.locator('.chart .tick').first();
        await tick.waitFor();
        // once it is measured
        await expect.poll(() => page.evaluate(wider)).toBe(0);
        heights.push(Math.round((await tick.boundingBox())!.height));
        for (const word of ['PLATINUM', 'qualified'])
          expect((await page.getByText(word, { exact: true }).boundingBox())!.height).toBeLessThan(30);
        await page.context().close();
      }
      expect(heights[1]).toBe(heights[0]);
    }
  });

  it('says what a decision in the queue was, which is gone from there at once', async () => {
    server.answers.queue = [samples.waiting()];
    const page = await open();
    server.answers.press = () => {
      server.answers.queue = [];
      return {};
    };
    await page.locator('.approval').getByRole('button', { name: 'Skip' }).click();
    await page.getByText('Skipped. Nothing was done.').waitFor();
    await page.getByText('Nothing waits').waitFor();
  });

  it('says who answered, with which model and for how much', async () => {
    server.answer(samples.pipeline);
    server.answer(samples.topLeads);
    const page = await open();
    const under = page.locator('.answer .under');
    await under.first().getByText('$0.0031').waitFor();
    expect(await under.first().innerText()).toMatch(/Pipeline manager\s+anthropic\/claude-sonnet-5-5\s+\$0\.0031/);
    expect(await under.last().innerText()).toMatch(/SR\/BDR assistant\s+offline rules\s+\$0/);
  });

  it('shows an answer while it is written, with its steps, and reads it aloud once when it is done', async () => {
    const page = await open();
    server.you('Show me the pipeline');
    const step = { id: '1', title: 'Deals and pipeline', status: 'running' };
    const id = server.answer({ cards: [], fallback: '' }, { writing: true, steps: [step] });
    await page.getByText('Deals and pipeline').waitFor();
    server.answer({ text: 'Your pipeline', cards: [], fallback: '' }, { id, writing: true, steps: [step] });
    await page.getByRole('group', { name: 'In Slack' }).getByText('Your pipeline').waitFor();
    expect(await page.locator('#announced').innerText()).toBe('');
    server.answer(
      { ...samples.pipeline, cards: [], text: 'Your pipeline holds a lot.' },
      { id, steps: [{ ...step, status: 'done' }] },
    );
    await page.locator('#announced', { hasText: 'Your pipeline holds a lot.' }).waitFor({ state: 'attached' });
    expect(await page.locator('.row.answer').count()).toBe(1);
  });

  it('stops an answer with the button, and with Esc', async () => {
    const page = await open();
    server.answer({ text: 'On and on', cards: [], fallback: '' }, { writing: true });
    await page.getByRole('button', { name: 'Stop the answer' }).click();
    await page.keyboard.press('Escape');
    await expect.poll(() => posted('/playground/stop').length).toBe(2);
  });

  it('is worked with keys: send, new line, to the box, faces, help', async () => {
    const page = await open();
    await page.locator('#say').focus();
    await page.keyboard.type('one');
    await page.keyboard.press('Shift+Enter');
    await page.keyboard.type('two?');
    await page.keyboard.press('Enter');
    await page.locator('.bubble').getByText('one').waitFor();
    expect(posted('/playground/messages')[0]).toMatchObject({ text: 'one\ntwo?', key: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    expect(await page.locator('#say').inputValue()).toBe('');
    await page.locator('.scroller').focus();
    await page.keyboard.press('f');
    await page.getByRole('radio', { name: 'Slack', checked: true }).waitFor();
    await page.keyboard.press('?');
    const help = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
    await help.waitFor();
    await help.getByLabel('Shortcuts of a single letter').uncheck();
    await page.keyboard.press('Escape');
    await help.waitFor({ state: 'hidden' });
    expect(await page.evaluate('document.activeElement.className')).toBe('scroller');
    await page.keyboard.press('f');
    await page.getByRole('radio', { name: 'Slack', checked: true }).waitFor();
  });

  it('changes the last message from an empty box, and leaves it as it is at Escape', async () => {
    server.you('How is the pipline?');
    server.answer(samples.pipeline);
    const page = await open();
    const box = page.locator('#say');
    const bubble = page.locator('.row.you');
    await page.getByRole('button', { name: 'Change your last message' }).waitFor();
    await box.press('ArrowUp');
    await page.getByText('Changing your last message').first().waitFor();
    expect(await box.inputValue()).toBe('How is the pipline?');
    await box.press('Escape');
    expect(await box.inputValue()).toBe('');
    expect(await bubble.innerText()).not.toContain('edited');

    await page.getByRole('button', { name: 'Change your last message' }).click();
    await expect.poll(() => page.evaluate('document.activeElement.id')).toBe('say');
    await page.keyboard.type(' This year');
    await page.keyboard.press('Enter');
    await bubble.getByText('edited', { exact: true }).waitFor();
    expect(await bubble.locator('.said').innerText()).toBe('How is the pipline? This year');
    expect(posted('/playground/edit')).toEqual([
      { key: expect.stringMatching(/^[0-9a-f-]{36}$/), messageId: 'm000001', text: 'How is the pipline? This year' },
    ]);
    expect(posted('/playground/messages')).toEqual([]);
  });

  it('gives the words of a change back when it did not get through', async () => {
    server.you('How is the pipline?');
    const page = await open();
    await page.getByRole('button', { name: 'Change your last message' }).click();
    await page.locator('#say').fill('How is the pipeline?');
    server.cut();
    await page.keyboard.press('Enter');
    await page.getByText('The server cannot be reached').waitFor();
    expect(await page.locator('#say').inputValue()).toBe('How is the pipeline?');
    await page.getByText('Changing your last message').first().waitFor();
  });

  it('offers no change of what was said elsewhere, or with a list', async () => {
    server.you('How is the pipeline?', { via: 'slack' });
    const page = await open();
    await page.locator('.row.you').waitFor();
    expect(await page.getByRole('button', { name: 'Change your last message' }).count()).toBe(0);
    await page.locator('#say').press('ArrowUp');
    expect(await page.locator('#say').inputValue()).toBe('');
  });

  it('says so when a message did not get through, and gives the words back', async () => {
    const page = await open();
    await page.locator('#say').fill('hello?');
    server.cut();
    await page.keyboard.press('Enter');
    await page.getByText('Not sent.').waitFor();
    await page.getByRole('button', { name: 'Write it again' }).click();
    expect(await page.locator('#say').inputValue()).toBe('hello?');
  });

  it('finds its way back after the connection broke, and misses and doubles nothing', async () => {
    server.you('first');
    const page = await open();
    await page.getByText('first').waitFor();
    server.cut();
    await page.getByText('Connection lost').waitFor();
    server.you('second');
    server.mend();
    await page.getByText('second').waitFor();
    await page.getByText('Connection lost').waitFor({ state: 'hidden' });
    expect(await page.locator('.bubble').allInnerTexts()).toEqual([
      expect.stringContaining('first'),
      expect.stringContaining('second'),
    ]);
  });

  it('asks again before something leaves the building; "Not now" presses nothing and gives focus back', async () => {
    server.answer(samples.approval());
    const page = await open({ face: 'slack' });
    const approve = page.getByRole('group', { name: 'In Slack' }).getByRole('button', { name: 'Approve' });
    await approve.click();
    const sure = page.getByRole('alertdialog', { name: 'Send this?' });
    await sure.getByRole('button', { name: 'Not now' }).click();
    await sure.waitFor({ state: 'hidden' });
    expect(posted('/playground/press')).toEqual([]);
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Approve');
    await approve.click();
    await sure.getByRole('button', { name: 'Approve' }).click();
    await expect
      .poll(() => posted('/playground/press'))
      .toEqual([{ token: 'approve_______________', values: {}, messageId: 'm000001' }]);
  });

  it('asks again in Teams as Teams does, inside of the card', async () => {
    server.answer(samples.approval());
    const page = await open({ face: 'teams' });
    const card = page.getByRole('group', { name: 'In Teams' });
    await card.getByRole('button', { name: 'Approve' }).click();
    await card.getByText('It leaves the building and cannot be undone.').waitFor();
    expect(posted('/playground/press')).toEqual([]);
    await card.getByRole('button', { name: 'Approve' }).click();
    await expect.poll(() => posted('/playground/press')).toMatchObject([{ token: 'approve_______________' }]);
  });

  it('opens a form, names what is wrong beside its field and goes there, and sends what was typed', async () => {
    server.answers.queue = [samples.waiting()];
    server.answers.press = ({ token, values }) =>
      token !== samples.editForm.token
        ? { modal: samples.editForm }
        : values['nextStep']
          ? { whisper: { said: { text: 'Approved.', cards: [], fallback: '' }, slack: [], teams: [] } }
          : { problems: { nextStep: 'Say what comes next.' } };
    const page = await open();
    await page.locator('.approval').getByRole('button', { name: 'Edit' }).click();
    const form = page.getByRole('dialog', { name: 'Edit, then approve' });
    await form.getByLabel('Next step').fill('');
    await form.getByRole('button', { name: 'Approve' }).click();
    await form.getByText('Say what comes next.').waitFor();
    expect(await page.evaluate('document.activeElement.name')).toBe('nextStep');
    await form.getByLabel('Next step').fill('Visit');
    await form.getByLabel('Stage').selectOption('won');
    await form.getByText('On your clock: America/New_York').waitFor();
    expect(await form.getByLabel('Due at').inputValue()).toBe('2026-11-24T09:00');
    await form.getByLabel('Due at').fill('2026-11-25T10:15');
    await page.keyboard.press('Enter');
    await page.getByText('Approved.').waitFor();
    await form.waitFor({ state: 'hidden' });
    expect(posted('/playground/press').at(-1)).toMatchObject({
      values: { stage: 'won', nextStep: 'Visit', dueAt: '2026-11-25T10:15', body: expect.stringMatching(/^Dear Jo,\r?\n/) },
    });
  });

  it('keeps focus near where it was when what was pressed goes away', async () => {
    server.answers.queue = [samples.waiting()];
    server.answer(samples.changed, { id: 'm9' });
    const page = await open({ face: 'teams' });
    await page.locator('.approval').getByRole('button', { name: 'Skip' }).focus();
    server.answers.queue = [];
    await page.keyboard.press('Enter');
    await page.getByText('Nothing waits').waitFor();
    expect(await page.evaluate('document.activeElement.id')).toBe('panel-part');
    await page.getByRole('group', { name: 'In Teams' }).getByRole('button', { name: 'Undo' }).focus();
    server.answer({ ...samples.changed, cards: [], text: 'Taken back.' }, { id: 'm9' });
    await page.getByRole('group', { name: 'In Teams' }).getByText('Taken back.').waitFor();
    expect(await page.evaluate('document.activeElement.className')).toBe('scroller');
  });

  it('takes votes on an answer from both faces', async () => {
    server.answer(samples.topLeads);
    const page = await open();
    await page.getByRole('button', { name: 'This answer helped' }).click();
    // a button that works is not pressed again meanwhile
    await expect.poll(() => posted('/playground/press').length).toBe(1);
    await expect.poll(() => page.locator('.busy').count()).toBe(0);
    await page.getByRole('button', { name: 'Dislike' }).click();
    await expect
      .poll(() => posted('/playground/press').map(({ token, values }) => [token, values]))
      .toEqual([
        ['vote__________________', { vote: 'up' }],
        ['vote__________________', { vote: 'down' }],
      ]);
  });

  it('acts as somebody else, and stays it over a reload', async () => {
    const base = server.answers.me() as object;
    server.answers.me = () => ({ ...base, who: people[2] });
    const page = await open();
    await page.locator('#people').click();
    await page.keyboard.press('ArrowUp');
    await page.getByRole('menuitemradio', { name: /Ann Castillo/ }).waitFor();
    await page.getByRole('menuitemradio', { name: /outsider/ }).click();
    const asked = page.waitForRequest((request) => request.url().endsWith('/playground/events'));
    await page.reload();
    expect((await asked).headers()['x-act-as']).toBe('outsider');
  });

  it('asks for a key where the server wants one, keeps it for the tab, and sends nothing else with it', async () => {
    server.answers.refuse = { status: 401, code: 'unauthorized', message: 'There is no such key.' };
    const page = await openPage(browser, server.url);
    await page.getByLabel('API key').fill('wrong');
    await page.keyboard.press('Enter');
    await page.getByText('There is no such key.').waitFor();
    server.answers.refuse = undefined;
    await page.getByLabel('API key').fill('right');
    const asked = page.waitForRequest((request) => request.url().endsWith('/playground/me'));
    await page.keyboard.press('Enter');
    expect((await asked).headers()).toMatchObject({ authorization: 'Bearer right' });
    await page.locator('#say').waitFor();
    const again = page.waitForRequest((request) => request.url().endsWith('/playground/me'));
    await page.reload();
    expect((await again).headers()).toMatchObject({ authorization: 'Bearer right' });
  });

  it('takes a list that is dropped anywhere, shows it on its way, and sends it with the next message', async () => {
    server.answers.uploadDelayMs = 2500;
    const page = await open();
    await page.evaluate(`(() => {
      const data = new DataTransfer();
      data.items.add(new File(['name\\nAcme\\n'], 'dealers.csv', { type: 'text/csv' }));
      for (const type of ['dragenter', 'dragover']) document.body.dispatchEvent(new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }));
      window.dropped = data;
    })()`);
    await page.getByText('Drop your list').waitFor();
    await page.evaluate(
      `document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: window.dropped, bubbles: true, cancelable: true }))`,
    );
    await page.getByRole('progressbar', { name: 'Uploading dealers.csv' }).waitFor();
    // nobody has to wait for it
    await page.locator('#say').focus();
    await page.keyboard.press('Enter');
    expect(posted('/playground/messages')).toEqual([]);
    await page.locator('.bubble').getByText('dealers.csv').waitFor();
    expect(posted('/playground/messages')).toMatchObject([
      { text: '', files: [{ name: 'dealers.csv', bytes: 10, uploadId: expect.any(String) }] },
    ]);
    await page.locator('.attachment').waitFor({ state: 'hidden' });
  });

  it('shows a long answer from its question on, and stays at the end once one has gone there', async () => {
    const page = await open({ face: 'slack' });
    const box = page.locator('#say');
    const place = page.locator('.scroller');
    const top = (): Promise<number> => place.evaluate((element) => element.scrollTop);
    const gap = (): Promise<number> =>
      place.evaluate((element) => element.scrollHeight - element.scrollTop - element.clientHeight);
    for (let i = 0; i < 2; i++) server.answer(samples.pipeline);
    await page.locator('.row.answer').nth(1).waitFor();
    await box.fill('Show me the pipeline');
    await box.press('Enter');
    await page.locator('.row.you .said').waitFor();
    const id = server.answer({ text: 'Your pipeline', cards: [], fallback: '' }, { writing: true });
    for (let i = 1; i <= 3; i++)
      server.answer({ ...samples.pipeline, cards: Array(i).fill(samples.pipeline.cards).flat() }, { id });
    await page.getByRole('button', { name: 'Read on' }).waitFor();
    const question = page.locator('.row.you .bubble');
    await expect.poll(async () => (await question.boundingBox())!.y - (await place.boundingBox())!.y).toBeLessThan(40);
    expect((await question.boundingBox())!.y).toBeGreaterThanOrEqual((await place.boundingBox())!.y);
    const before = await top();
    server.answer(
      { ...samples.pipeline, text: 'Your pipeline, all of it', cards: Array(3).fill(samples.pipeline.cards).flat() },
      { id },
    );
    await page.getByText('Your pipeline, all of it').waitFor();
    expect(await top()).toBe(before);

    await page.getByRole('button', { name: 'Read on' }).click();
    await expect.poll(gap).toBeLessThan(2);
    server.answer(samples.changed);
    await page.locator('.row').last().getByText('Done: Summit Ridge').waitFor();
    await expect.poll(gap).toBeLessThan(2);
  });

  it('does not pull away whoever reads further up', async () => {
    for (let i = 0; i < 6; i++) server.answer(samples.topLeads);
    const page = await open({ face: 'slack' });
    await page.locator('.row').nth(5).waitFor();
    await page.locator('.scroller').evaluate((element) => {
      element.scrollTop = 0;
    });
    await page.waitForTimeout(100);
    server.answer(samples.changed);
    await page.getByRole('button', { name: 'New messages' }).click();
    await page.locator('.row').getByText('Done: Summit Ridge').waitFor();
    await page.getByRole('button', { name: 'New messages' }).waitFor({ state: 'hidden' });
  });

  it('runs no script of a card, asks nobody else for anything, and shows untrusted text letter by letter', async () => {
    for (const text of hostileTexts) server.answer(samples.hostile(text));
    const page = await open();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.reload();
    await page
      .locator('.row')
      .nth(hostileTexts.length - 1)
      .waitFor();
    await page.waitForTimeout(300);
    expect(asked.filter((url) => !url.startsWith(server.url) && !url.startsWith('data:'))).toEqual([]);
    expect(await page.title()).toBe('Sales Agent');
    const addresses = (await page.evaluate(
      `[...document.querySelectorAll('a[href]')].map((link) => link.getAttribute('href'))`,
    )) as string[];
    expect(addresses.filter((href) => !/^(https?:|#)/.test(href))).toEqual([]);
    const cards = page.locator('.slack-section, .slack-table, .slack-fields, .slack-header');
    expect(await cards.locator('a, strong, em, code, img').count()).toBe(0);
    expect(failures.get(page)!.filter((text) => !text.includes('ERR_'))).toEqual([]);
  });
});

/** By how much a chart is drawn wider or narrower than it was made for. */
const wider = `(() => { const svg = document.querySelector('.chart > svg'); return svg.viewBox.baseVal.width - Math.round(svg.getBoundingClientRect().width) })()`;

/** The last message as the server told it. */
async function shownIn(server: StandIn, page: Page): Promise<{ slack: unknown }> {
  const text = (await page.evaluate(
    `fetch('/playground/events').then(async (r) => { const reader = r.body.getReader(); let all = ''; while (!all.includes('event: ready')) all += new TextDecoder().decode((await reader.read()).value); return all; })`,
  )) as string;
  expect(server.url).toContain('127.0.0.1');
  return JSON.parse(/event: message\ndata: (.*)/.exec(text)![1]!);
}
