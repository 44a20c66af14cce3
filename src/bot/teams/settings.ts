import { z } from 'zod';

const text = z.string().trim().min(1);
const guid = z
  .string()
  .regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, 'must be an id as Microsoft writes them, such as 1d1f…-…');
const address = z.url({ protocol: /^https?$/ });

/** The variables that switch Teams on: the id and the password of an Azure bot. */
export const teamsSettings = {
  TEAMS_APP_ID: {
    schema: guid.optional(),
    about: 'Application (client) id of the Azure bot that Teams reaches us by, at /api/messages. Needs TEAMS_APP_PASSWORD.',
    example: '00000000-0000-0000-0000-000000000000',
  },
  TEAMS_APP_PASSWORD: { schema: text.optional(), about: 'Client secret of that application.' },
  TEAMS_TENANT_ID: {
    schema: guid.optional(),
    about:
      'Your Microsoft tenant, for a single-tenant bot: e-mail addresses of its members link people to users, and everybody else is an outsider. Absent: a multi-tenant bot, and people link with a code.',
    example: '00000000-0000-0000-0000-000000000000',
  },
  TEAMS_LOGIN_URL: {
    schema: address.optional(),
    about: 'Where our own tokens for Teams come from: another cloud of Microsoft, or a stand-in for tests.',
    example: 'https://login.microsoftonline.us',
  },
  TEAMS_OPENID_URL: {
    schema: address.optional(),
    about:
      'The OpenID metadata that tokens of Teams are checked against: that of another cloud of Microsoft, or a stand-in for tests.',
    example: 'https://login.botframework.azure.us/v1/.well-known/openidconfiguration',
  },
} as const;

type Values = Readonly<Record<string, unknown>>;
const needed = ['TEAMS_APP_ID', 'TEAMS_APP_PASSWORD'] as const;

/** The Teams variables that lack while others are set: it is neither on nor off. */
export function teamsHalfSet(values: Values): { label: string; set: string[]; missing: string[] }[] {
  const set = [...needed, 'TEAMS_TENANT_ID'].filter((name) => values[name] !== undefined);
  const missing = needed.filter((name) => values[name] === undefined);
  return set.length && missing.length ? [{ label: 'Teams', set, missing }] : [];
}

/** The least that switches it on. */
export const teamsVariables: readonly string[] = needed;

/** What is on of Teams, once nothing is half set. */
export interface TeamsConfig {
  appId: string;
  password: string;
  /** Ours; absent for a bot that any tenant may install. */
  tenantId: string | undefined;
  /** Without a slash at its end. */
  loginUrl: string;
  openIdUrl: string;
  /** Who signs what Teams sends, and what our own tokens are for. */
  issuer: string;
  /** `host:port` of addresses that are not Microsoft's and are let through, for tests. */
  allowHosts: readonly string[];
  publicUrl: string | undefined;
}

type TeamsValues = { [K in keyof typeof teamsSettings]?: string | undefined } & {
  PUBLIC_URL?: string | undefined;
  NET_ALLOW_HOSTS?: readonly string[] | undefined;
};

/** Nothing when Teams is off. */
export function teamsConfig(values: TeamsValues): TeamsConfig | undefined {
  const { TEAMS_APP_ID, TEAMS_APP_PASSWORD, TEAMS_TENANT_ID, TEAMS_LOGIN_URL, TEAMS_OPENID_URL } = values;
  if (!TEAMS_APP_ID || !TEAMS_APP_PASSWORD) return undefined;
  const openIdUrl = TEAMS_OPENID_URL ?? 'https://login.botframework.com/v1/.well-known/openidconfiguration';
  // Microsoft's cloud for the United States government has names of its own for everything
  const government = new URL(openIdUrl).hostname.endsWith('.azure.us');
  return {
    appId: TEAMS_APP_ID,
    password: TEAMS_APP_PASSWORD,
    tenantId: TEAMS_TENANT_ID?.toLowerCase(),
    loginUrl: (TEAMS_LOGIN_URL ?? `https://login.microsoftonline.${government ? 'us' : 'com'}`).replace(/\/+$/, ''),
    openIdUrl,
    issuer: `https://api.botframework.${government ? 'us' : 'com'}`,
    allowHosts: values.NET_ALLOW_HOSTS ?? [],
    publicUrl: values.PUBLIC_URL,
  };
}

/** How Teams reaches us, in words. */
export const teamsWays = ({ publicUrl, tenantId }: TeamsConfig): string[] => [
  `HTTP${publicUrl ? ` at ${new URL('/api/messages', publicUrl).href}` : ', once PUBLIC_URL is set'}`,
  tenantId ? 'one tenant' : 'any tenant that installs it',
];
