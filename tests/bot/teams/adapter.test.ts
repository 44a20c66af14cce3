import { readdirSync, readFileSync } from 'node:fs';
import { type Activity, TestAdapter, TurnContext, teamsGetChannelId, teamsGetTenant } from 'botbuilder';
import { describe, expect, it } from 'vitest';
import { renderTeams } from '../../../src/bot/cards/teams.ts';
import { activity } from '../../../src/bot/teams/activity.ts';
import { conversationOf, normalise, placeOf } from '../../../src/bot/teams/normalise.ts';
import { asActivity } from '../../../src/bot/teams/posts.ts';
import { inChannel, mention, spoken } from './driver.ts';
import { botId, type Json, tenant } from './microsoft.ts';

/** botbuilder's own way to look at the same activities. */
const folder = new URL('../../fixtures/teams/recorded/', import.meta.url);
const recorded: Json[] = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .flatMap((file) => Object.values(JSON.parse(readFileSync(new URL(file, folder), 'utf8'))))
  .filter((one: Json) => one.type && one.channelId);
const who = { id: '29:ann', name: 'Ann' };
const typed = ['<at>Sales Agent</at> hello', 'hello <at>Sales Agent</at>', '<at>Sales Agent</at>   who is next?'].map((text) =>
  spoken({ serviceUrl: 'https://smba.trafficmanager.net/' }, who, { text, entities: [mention], ...inChannel('1') }),
);

describe('botbuilder reads the same out of an activity', () => {
  it.each([...recorded, ...typed].map((one): [string, Json] => [`${one.type} ${one.id}`, one]))('%s', (_name, one) => {
    const place = placeOf(activity.parse(one))!;
    expect(place.externalTenant).toBe(teamsGetTenant(one as Activity)?.id);
    expect(place.channel).toBe(teamsGetChannelId(one as Activity) ?? place.channel);
    expect(conversationOf(place)).toBe(TurnContext.getConversationReference(one as Activity).conversation!.id);
    const heard = normalise(activity.parse(one));
    const named = one.entities?.some(({ type, text }: Json) => type === 'mention' && text);
    if (heard.kind === 'inbound' && 'text' in heard.inbound && named)
      expect(heard.inbound.text).toBe(TurnContext.removeRecipientMention(structuredClone(one) as Activity)?.trim());
  });
});

it('its test adapter takes what we say, and we understand what it says', async () => {
  const heard: Json[] = [];
  const adapter = new TestAdapter(
    async (context) => {
      const one = normalise(activity.parse(JSON.parse(JSON.stringify(context.activity))));
      heard.push(one);
      const made = { agent: 'SR/BDR', model: 'm', costUsd: '0', degraded: false };
      const cards = [{ blocks: [{ type: 'fields' as const, fields: [{ label: 'Score', value: '81' }] }] }];
      for (const message of renderTeams({ text: 'Acme leads.', cards, fallback: 'Acme leads.', made }))
        await context.sendActivity(asActivity(message) as unknown as Partial<Activity>);
    },
    {
      channelId: 'msteams',
      serviceUrl: 'https://smba.trafficmanager.net/',
      recipient: { id: botId, name: 'Sales Agent' },
      from: who as Activity['from'],
      conversation: { id: 'a:1', conversationType: 'personal', tenantId: tenant, isGroup: false, name: '' },
      channelData: { tenant: { id: tenant } },
    },
  );
  await adapter.send('who is next?').assertReply((reply) => {
    expect(reply.text).toBe('Acme leads.');
    expect(reply.attachments?.[0]?.contentType).toBe('application/vnd.microsoft.card.adaptive');
    expect(reply.entities).toEqual([expect.objectContaining({ additionalType: ['AIGeneratedContent'] })]);
  });
  expect(heard).toEqual([
    expect.objectContaining({
      kind: 'inbound',
      inbound: expect.objectContaining({
        kind: 'message',
        text: 'who is next?',
        place: expect.objectContaining({ audience: 'dm', channel: 'a:1' }),
      }),
    }),
  ]);
});
