import { describe, expect, it } from 'vitest';
import { slackConfig } from '../../../src/bot/slack/settings.ts';
import { loadConfig } from '../../../src/config.ts';

const read = (env: Record<string, string>) => slackConfig(loadConfig({ APP_ENV: 'test', ...env }));
const [SLACK_BOT_TOKEN, SLACK_SIGNING_SECRET, SLACK_CLIENT_ID, SLACK_CLIENT_SECRET, SLACK_APP_TOKEN] = [
  'xoxb-1',
  'sek',
  '1.2',
  'cs',
  'xapp-1',
];

describe('Slack’s settings', () => {
  it('none: it is off, wherever its Web API may be', () => {
    expect(read({})).toBeUndefined();
    expect(read({ SLACK_API_URL: 'http://127.0.0.1:1/api' })).toBeUndefined();
  });

  it('one workspace, many, or none of them over HTTP', () => {
    expect(read({ SLACK_BOT_TOKEN, SLACK_SIGNING_SECRET })).toMatchObject({
      botToken: 'xoxb-1',
      signingSecret: 'sek',
      apiUrl: 'https://slack.com/api/',
    });
    expect(read({ SLACK_CLIENT_ID, SLACK_CLIENT_SECRET, SLACK_SIGNING_SECRET })).toMatchObject({
      client: { id: '1.2', secret: 'cs' },
    });
    expect(read({ SLACK_BOT_TOKEN, SLACK_APP_TOKEN })).toMatchObject({ appToken: 'xapp-1', signingSecret: undefined });
    expect(read({ SLACK_BOT_TOKEN, SLACK_APP_TOKEN, SLACK_API_URL: 'http://127.0.0.1:1/api' })).toMatchObject({
      apiUrl: 'http://127.0.0.1:1/api/',
    });
  });

  it.each([
    [{ SLACK_BOT_TOKEN }, 'SLACK_SIGNING_SECRET must be set too'],
    [{ SLACK_SIGNING_SECRET }, 'SLACK_BOT_TOKEN must be set too'],
    [{ SLACK_APP_TOKEN }, 'SLACK_BOT_TOKEN must be set too'],
    [{ SLACK_CLIENT_ID, SLACK_SIGNING_SECRET }, 'SLACK_CLIENT_SECRET must be set too'],
    [{ SLACK_CLIENT_SECRET, SLACK_SIGNING_SECRET }, 'SLACK_CLIENT_ID must be set too'],
    [{ SLACK_CLIENT_ID, SLACK_CLIENT_SECRET }, 'SLACK_SIGNING_SECRET must be set too'],
    [{ SLACK_BOT_TOKEN, SLACK_SIGNING_SECRET, SLACK_CLIENT_ID }, 'SLACK_CLIENT_SECRET must be set too'],
  ])('half of it refuses to start and names what lacks: %j', (env, words) => {
    expect(() => read(env)).toThrowError(words);
  });

  it('never shows a secret in what it complains about', () => {
    expect(() => loadConfig({ SLACK_API_URL: 'nonsense', SLACK_BOT_TOKEN: 'xoxb-secret' })).toThrowError(/SLACK_API_URL/);
    try {
      loadConfig({ SLACK_BOT_TOKEN: 'xoxb-secret' });
    } catch (error) {
      expect(String(error)).not.toContain('xoxb-secret');
    }
  });
});
