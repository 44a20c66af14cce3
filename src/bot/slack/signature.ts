import { createHmac, timingSafeEqual } from 'node:crypto';

/** Slack's own advice, and ours for clocks that are ahead. */
const windowSeconds = 300;

/** Whether Slack signed exactly these bytes, and within five minutes of now, before or after. */
export function isSigned(
  secret: string,
  headers: Readonly<Record<string, string | string[] | undefined>>,
  body: Uint8Array,
  now: Date,
): boolean {
  const { 'x-slack-request-timestamp': sentAt, 'x-slack-signature': signature } = headers;
  if (typeof sentAt !== 'string' || typeof signature !== 'string' || !/^\d{1,12}$/.test(sentAt)) return false;
  if (Math.abs(now.getTime() / 1000 - Number(sentAt)) > windowSeconds) return false;
  const expected = Buffer.from(`v0=${createHmac('sha256', secret).update(`v0:${sentAt}:`).update(body).digest('hex')}`);
  const given = Buffer.from(signature);
  return given.length === expected.length && timingSafeEqual(given, expected);
}
