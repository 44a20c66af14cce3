import { z } from 'zod';

const text = z.string().trim().min(1);

/** The variables that switch Slack on: a bot token or an OAuth client, and how Slack reaches us. */
export const slackSettings = {
  SLACK_BOT_TOKEN: {
    schema: text.optional(),
    about:
      'Bot token of one Slack workspace. With SLACK_SIGNING_SECRET Slack reaches us over HTTP, with SLACK_APP_TOKEN over Socket Mode.',
  },
  SLACK_SIGNING_SECRET: {
    schema: text.optional(),
    about: 'Signing secret of the Slack app: every request of Slack is checked against it.',
  },
  SLACK_CLIENT_ID: {
    schema: text.optional(),
    about:
      'Client id of the Slack app, for installing it in many workspaces at /slack/install. Needs SLACK_CLIENT_SECRET and SLACK_SIGNING_SECRET.',
  },
  SLACK_CLIENT_SECRET: { schema: text.optional(), about: 'Client secret of the Slack app; also renews tokens that rotate.' },
  SLACK_APP_TOKEN: {
    schema: text.optional(),
    about: 'App-level token with connections:write: Slack is reached over Socket Mode, so that no public address is needed.',
  },
  SLACK_WORKSPACES: {
    schema: z
      .string()
      .regex(
        /^\s*[TE][A-Z0-9]+(\s*,\s*[TE][A-Z0-9]+)*\s*$/,
        'must be ids of Slack workspaces with commas between, such as T012AB3CD',
      )
      .optional(),
    about:
      'Slack workspaces of your own, besides that of SLACK_BOT_TOKEN: their verified e-mail addresses link people to users. People of others link with a code.',
    example: 'T012AB3CD',
  },
  SLACK_API_URL: {
    schema: z.url({ protocol: /^https?$/ }).optional(),
    about: 'Another address of the Slack Web API, such as a stand-in for tests.',
    example: 'http://127.0.0.1:4003/api/',
  },
} as const;

type Values = Readonly<Record<string, unknown>>;

/** The Slack variables that lack while others are set: it is neither on nor off. */
export function slackHalfSet(values: Values): { label: string; set: string[]; missing: string[] }[] {
  const has = (name: keyof typeof slackSettings): boolean => values[name] !== undefined;
  const set = (Object.keys(slackSettings) as (keyof typeof slackSettings)[]).filter(
    (name) => name !== 'SLACK_API_URL' && name !== 'SLACK_WORKSPACES' && has(name),
  );
  const missing = new Set<string>();
  const client = has('SLACK_CLIENT_ID') || has('SLACK_CLIENT_SECRET');
  if (client)
    for (const name of ['SLACK_CLIENT_ID', 'SLACK_CLIENT_SECRET', 'SLACK_SIGNING_SECRET'] as const)
      if (!has(name)) missing.add(name);
  if (!client && set.length && !has('SLACK_BOT_TOKEN')) missing.add('SLACK_BOT_TOKEN');
  if (has('SLACK_BOT_TOKEN') && !has('SLACK_SIGNING_SECRET') && !has('SLACK_APP_TOKEN')) missing.add('SLACK_SIGNING_SECRET');
  return missing.size ? [{ label: 'Slack', set, missing: [...missing] }] : [];
}

/** What is on of Slack, once nothing is half set. */
export interface SlackConfig {
  botToken: string | undefined;
  /** Slack posts to us. */
  signingSecret: string | undefined;
  client: { id: string; secret: string } | undefined;
  /** We connect to Slack. */
  appToken: string | undefined;
  /** Ends with a slash. */
  apiUrl: string;
  publicUrl: string | undefined;
  /** Ours, whose e-mail addresses we go by. */
  workspaces: readonly string[];
}

/** The least that switches it on. */
export const slackVariables = ['SLACK_BOT_TOKEN', 'SLACK_SIGNING_SECRET'];

/** How Slack and we reach each other, in words. */
export const slackWays = ({ signingSecret, publicUrl, appToken, client }: SlackConfig): string[] => [
  ...(signingSecret ? [`HTTP${publicUrl ? ` at ${new URL('/slack/events', publicUrl).href}` : ', once PUBLIC_URL is set'}`] : []),
  ...(appToken ? ['Socket Mode'] : []),
  ...(client ? ['many workspaces by /slack/install'] : []),
];

type SlackValues = { [K in keyof typeof slackSettings]?: string | undefined } & { PUBLIC_URL?: string | undefined };

/** Nothing when Slack is off. */
export function slackConfig(values: SlackValues): SlackConfig | undefined {
  const { SLACK_BOT_TOKEN, SLACK_SIGNING_SECRET, SLACK_CLIENT_ID, SLACK_CLIENT_SECRET, SLACK_APP_TOKEN, SLACK_API_URL } = values;
  if (!SLACK_BOT_TOKEN && !SLACK_CLIENT_ID) return undefined;
  return {
    botToken: SLACK_BOT_TOKEN,
    signingSecret: SLACK_SIGNING_SECRET,
    client: SLACK_CLIENT_ID && SLACK_CLIENT_SECRET ? { id: SLACK_CLIENT_ID, secret: SLACK_CLIENT_SECRET } : undefined,
    appToken: SLACK_APP_TOKEN,
    apiUrl: (SLACK_API_URL ?? 'https://slack.com/api/').replace(/\/*$/, '/'),
    publicUrl: values.PUBLIC_URL,
    workspaces: values.SLACK_WORKSPACES?.split(',').map((id) => id.trim()) ?? [],
  };
}
