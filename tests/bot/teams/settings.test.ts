import { describe, expect, it } from 'vitest';
import { checkTeams } from '../../../src/bot/teams/check.ts';
import { isConnector, isFileStore } from '../../../src/bot/teams/hosts.ts';
import { teamsConfig, teamsWays } from '../../../src/bot/teams/settings.ts';
import { loadConfig } from '../../../src/config.ts';
import { createLog } from '../../../src/log.ts';
import { teamsEnv } from './driver.ts';
import { appId, openMicrosoft, password, tenant } from './microsoft.ts';

const on = { TEAMS_APP_ID: appId, TEAMS_APP_PASSWORD: password };

describe('the settings of Teams', () => {
  it.each([
    [{ TEAMS_APP_ID: appId }, /TEAMS_APP_PASSWORD must be set too: TEAMS_APP_ID alone does not switch Teams on/],
    [{ TEAMS_APP_PASSWORD: password }, /TEAMS_APP_ID must be set too/],
    [{ TEAMS_TENANT_ID: tenant }, /TEAMS_APP_ID and TEAMS_APP_PASSWORD must be set too/],
    [{ ...on, TEAMS_APP_ID: 'my bot' }, /TEAMS_APP_ID must be an id as Microsoft writes them/],
    [{ ...on, TEAMS_LOGIN_URL: 'ftp://x' }, /TEAMS_LOGIN_URL/],
    [{ NET_ALLOW_HOSTS: 'everywhere' }, /NET_ALLOW_HOSTS must be host:port pairs/],
    [{ NET_ALLOW_HOSTS: '127.0.0.1:80', APP_ENV: 'production' }, /NET_ALLOW_HOSTS is for tests/],
  ])('are whole, or the start is refused: %j', (env, words) => {
    expect(() => loadConfig(env)).toThrow(words);
    expect(() => loadConfig(env)).not.toThrow(new RegExp(password));
  });

  it('switch it on, for one tenant or any, in Microsoft’s cloud or that of a government', () => {
    expect(teamsConfig(loadConfig({}))).toBeUndefined();
    const any = teamsConfig(loadConfig({ ...on, PUBLIC_URL: 'https://sales.example.com' }))!;
    expect(any).toMatchObject({
      loginUrl: 'https://login.microsoftonline.com',
      issuer: 'https://api.botframework.com',
      tenantId: undefined,
    });
    expect(teamsWays(any)).toEqual(['HTTP at https://sales.example.com/api/messages', 'any tenant that installs it']);
    const openIdUrl = 'https://login.botframework.azure.us/v1/.well-known/openidconfiguration';
    const own = teamsConfig(loadConfig({ ...on, TEAMS_TENANT_ID: tenant.toUpperCase(), TEAMS_OPENID_URL: openIdUrl }))!;
    expect(own).toMatchObject({
      loginUrl: 'https://login.microsoftonline.us',
      issuer: 'https://api.botframework.us',
      tenantId: tenant,
    });
  });
});

describe('an address that comes with a message', () => {
  it.each([
    ['https://smba.trafficmanager.net/teams/', true],
    ['https://SMBA.trafficmanager.net/', true],
    ['https://smba.trafficmanager.net./', false],
    ['https://xsmba.trafficmanager.net/', false],
    ['https://trafficmanager.net/', false],
    ['https://botframework.com.evil.example/', false],
    ['https://evil.example/?.botframework.com', false],
    ['https://evil.example#.botframework.com', false],
    ['https://smba.trafficmanager.net\\@evil.example/', false],
    ['http://127.0.0.1:4004/', true],
    ['http://127.0.0.1:4005/', false],
    ['javascript:alert(1)', false],
    [`https://smba.trafficmanager.net/${'x'.repeat(5000)}`, false],
  ])('leads to Microsoft, or is left alone: %s', (address, yes) => {
    expect(isConnector(address, ['127.0.0.1:4004'])).toBe(yes);
  });

  it.each([
    ['https://acme-my.sharepoint.com/x', true],
    ['https://sharepoint.com/', false],
    ['https://acme.sharepoint.com:444/', false],
    ['http://acme.sharepoint.com/', false],
  ])('of a file, too: %s', (address, yes) => expect(isFileStore(address, [])).toBe(yes));
});

it('the doctor says whether Microsoft lets us in', async () => {
  const microsoft = await openMicrosoft();
  const log = createLog('silent');
  const check = (more: Record<string, string> = {}) => checkTeams(teamsConfig(loadConfig(teamsEnv(microsoft, more)))!, { log });
  try {
    expect(await check()).toMatch(/Microsoft lets us in/);
    await expect(check({ TEAMS_APP_PASSWORD: 'wrong' })).rejects.toThrow(/does not accept TEAMS_APP_ID and TEAMS_APP_PASSWORD/);
    microsoft.fail('login', { status: 503 });
    await expect(check()).rejects.toMatchObject({ code: 'unavailable' });
    microsoft.fail('keys', { status: 500 });
    await expect(check()).rejects.toThrow(/keys of Microsoft/);
  } finally {
    await microsoft.close();
  }
});
