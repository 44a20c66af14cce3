import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { commands } from '../../../src/bot/slack/commands.ts';
import { eventsHandled } from '../../../src/bot/slack/normalise.ts';
import { botScopes } from '../../../src/bot/slack/oauth.ts';
import { shortcuts } from '../../../src/bot/slack/shortcuts.ts';

interface Manifest {
  display_information: { name: string };
  features: {
    agent_view: object;
    slash_commands: { command: string; url: string }[];
    shortcuts: { callback_id: string; type: string }[];
  };
  oauth_config: { redirect_urls: string[]; scopes: { bot: string[] } };
  settings: {
    event_subscriptions: { request_url: string; bot_events: string[] };
    interactivity: { request_url: string };
    token_rotation_enabled: boolean;
  };
}

const text = readFileSync('manifest.yml', 'utf8');
const manifest = parse(text) as Manifest;
const schema = JSON.parse(readFileSync('tests/fixtures/slack/manifest.schema.2.0.0.json', 'utf8')) as object;

/** Formats are notes for editors; Slack checks addresses when the app is made. */
const validate = new Ajv({ strict: false, allErrors: true, validateFormats: false }).compile(schema);

describe('manifest.yml', () => {
  it('is one that Slack’s own schema takes', () => {
    expect(validate(manifest) ? [] : validate.errors).toEqual([]);
  });

  it('would be refused with a field that Slack does not know, so the check means something', () => {
    expect(validate({ ...manifest, features: { ...manifest.features, magic_view: {} } })).toBe(false);
    expect(validate({ ...manifest, display_information: { name: 'x'.repeat(36) } })).toBe(false);
  });

  it('declares exactly the commands that are answered', () => {
    expect(manifest.features.slash_commands.map(({ command }) => command).sort()).toEqual(Object.keys(commands).sort());
  });

  it('declares exactly the shortcuts that are answered', () => {
    expect(manifest.features.shortcuts.map(({ callback_id }) => callback_id).sort()).toEqual(Object.keys(shortcuts).sort());
  });

  it('subscribes to exactly the events that are handled, messages for each kind of conversation', () => {
    const kinds = manifest.settings.event_subscriptions.bot_events.map((event) => event.replace(/^message\..*/, 'message'));
    expect([...new Set(kinds)].sort()).toEqual([...eventsHandled].sort());
    expect(manifest.settings.event_subscriptions.bot_events.filter((event) => event.startsWith('message.'))).toEqual([
      'message.channels',
      'message.groups',
      'message.im',
      'message.mpim',
    ]);
  });

  it('asks for exactly the permissions that installing asks for, and for those that its events need', () => {
    const { bot } = manifest.oauth_config.scopes;
    expect([...bot].sort()).toEqual([...botScopes].sort());
    const needed: Record<string, string> = {
      app_mention: 'app_mentions:read',
      'message.channels': 'channels:history',
      'message.groups': 'groups:history',
      'message.im': 'im:history',
      'message.mpim': 'mpim:history',
    };
    for (const event of manifest.settings.event_subscriptions.bot_events) if (needed[event]) expect(bot).toContain(needed[event]);
  });

  it('sends everything to the one door, and has the agent view and rotating tokens', () => {
    const { features, settings, oauth_config } = manifest;
    const doors = [
      settings.event_subscriptions.request_url,
      settings.interactivity.request_url,
      ...features.slash_commands.map(({ url }) => url),
    ];
    expect(new Set(doors)).toEqual(new Set(['https://HOST/slack/events']));
    expect(oauth_config.redirect_urls).toEqual(['https://HOST/slack/oauth_redirect']);
    expect(features.agent_view).toBeDefined();
    expect(settings.token_rotation_enabled).toBe(true);
    const count = text.match(/https:\/\/HOST/g)!.length;
    expect(count, 'the comment says how many there are').toBe(6);
    expect(text).toContain('(six times)');
  });
});
