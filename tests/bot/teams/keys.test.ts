import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { teamsConfig } from '../../../src/bot/teams/settings.ts';
import { Transport } from '../../../src/bot/teams/transport.ts';
import { createLog } from '../../../src/log.ts';
import { appId, type Microsoft, openMicrosoft, password, type Signing, tenant } from './microsoft.ts';

const hour = 3_600_000;
let microsoft: Microsoft;
let transport: Transport;
beforeEach(async () => {
  // only the date stands still, and goes where a test puts it
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-03-02T09:00:00Z') });
  microsoft = await openMicrosoft();
  const config = teamsConfig({
    TEAMS_APP_ID: appId,
    TEAMS_APP_PASSWORD: password,
    TEAMS_TENANT_ID: tenant,
    TEAMS_LOGIN_URL: microsoft.loginUrl,
    TEAMS_OPENID_URL: microsoft.openIdUrl,
    NET_ALLOW_HOSTS: [microsoft.host],
  } as unknown as Parameters<typeof teamsConfig>[0])!;
  transport = new Transport(config, createLog('silent'));
});
afterEach(async () => {
  vi.useRealTimers();
  await microsoft.close();
});

const later = (ms: number) => vi.setSystemTime(Date.now() + ms);
/** What becomes of a request that is signed so. */
const letIn = async (key: Signing['key']): Promise<string> => {
  const about = { serviceUrl: microsoft.serviceUrl, channelId: 'msteams' };
  return transport.authenticate(about, `Bearer ${microsoft.sign({}, { key })}`).then(
    () => 'let in',
    (error: { code: string }) => error.code,
  );
};
const asked = () => microsoft.of('keys').length;

describe('the keys of Microsoft', () => {
  it('are read once for many requests', async () => {
    expect(await Promise.all([letIn('teams'), letIn('teams'), letIn('teams')])).toEqual(['let in', 'let in', 'let in']);
    expect(await letIn('teams')).toBe('let in');
    expect(asked()).toBe(1);
  });

  it('may be new ones, which open at once, and those that are gone open no more', async () => {
    expect(await letIn('teams')).toBe('let in');
    microsoft.published = ['next'];
    expect(await letIn('next')).toBe('let in');
    expect(await letIn('teams')).toBe('unauthorized');
  });

  it('are looked for again a minute after one was looked for in vain', async () => {
    expect(await letIn('next')).toBe('unauthorized');
    microsoft.published = ['teams', 'next'];
    expect(await letIn('next')).toBe('unauthorized');
    later(61_000);
    expect(await letIn('next')).toBe('let in');
  });

  it('are not asked for by everybody who names one that there is not', async () => {
    expect(await letIn('teams')).toBe('let in');
    for (let i = 0; i < 20; i++) expect(await letIn('unknown')).toBe('unauthorized');
    expect(asked()).toBeLessThanOrEqual(2);
  });

  it('open for a week while Microsoft is out of reach, and no longer', async () => {
    expect(await letIn('teams')).toBe('let in');
    microsoft.fail('keys', { status: 503 }, 1000);
    later(30 * hour);
    expect(await letIn('teams')).toBe('let in');
    // one that nobody has seen may be a new one: it can be sent again
    later(hour);
    expect(await letIn('next')).toBe('unavailable');
    later(7 * 24 * hour);
    expect(await letIn('teams')).toBe('unavailable');
  });

  it('are read again once a day', async () => {
    expect(await letIn('teams')).toBe('let in');
    later(25 * hour);
    expect(await letIn('teams')).toBe('let in');
    await expect.poll(asked).toBe(2);
    expect(await letIn('teams')).toBe('let in');
    expect(asked()).toBe(2);
  });
});
