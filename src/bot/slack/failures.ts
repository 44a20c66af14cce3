import { webApi } from '@slack/bolt';
import { AppError } from '../../errors.ts';

/** We may not speak there, or not any more. */
const closed = new Map<string, string>([
  ['channel_not_found', 'This Slack conversation is not open to us.'],
  ['is_archived', 'This Slack channel is archived.'],
  ['not_in_channel', 'Sales Agent is not a member of this Slack channel.'],
  ['user_not_in_channel', 'This person is not in that Slack channel.'],
  ['cannot_dm_bot', 'Programs cannot be written to in Slack.'],
  ['user_not_found', 'Slack knows nobody of that name here.'],
  ['user_disabled', 'This person left the Slack workspace.'],
  ['restricted_action', 'The Slack workspace does not let us do that.'],
  ['message_not_found', 'This Slack message is gone.'],
  ['cant_update_message', 'This Slack message cannot be changed any more.'],
  ['edit_window_closed', 'This Slack message cannot be changed any more.'],
  ['file_not_found', 'This file is not in Slack any more, or not open to us.'],
  ['file_deleted', 'This file is not in Slack any more.'],
  ['missing_scope', 'The Slack app lacks a permission: install it again from the current manifest.yml.'],
  ['invalid_auth', 'Slack does not accept our token. Install the app again.'],
  ['not_authed', 'Slack does not accept our token. Install the app again.'],
]);

/** The installation is over: nothing is sent to it any more. */
const revoked = new Set(['token_revoked', 'account_inactive']);

/** What Slack says when blocks are of a kind or a size that it does not take. */
const unfitting = new Set(['invalid_blocks', 'invalid_blocks_format', 'msg_blocks_too_long', 'invalid_attachments', 'no_text']);

/** Slack's name of what went wrong. */
export const slackCode = (error: unknown): string | undefined =>
  error instanceof webApi.WebAPIPlatformError ? error.data.error : undefined;

export const isRevoked = (error: unknown): boolean => revoked.has(slackCode(error) ?? '');
export const isUnfitting = (error: unknown): boolean => unfitting.has(slackCode(error) ?? '');

/** The failure of a call to Slack in our words; anything else passes through. */
export function inOurWords(error: unknown): unknown {
  if (error instanceof webApi.WebAPIRateLimitedError)
    return new AppError('rate_limited', 'Slack asks us to slow down.', {
      cause: error,
      details: { retryAfterMs: error.retryAfter * 1000 },
    });
  if (error instanceof webApi.WebAPIHTTPError || error instanceof webApi.WebAPIRequestError)
    return new AppError('unavailable', 'Slack does not answer right now.', { cause: error });
  const code = slackCode(error);
  if (code === undefined) return error;
  if (code === 'ratelimited')
    return new AppError('rate_limited', 'Slack asks us to slow down.', { cause: error, details: { retryAfterMs: 1000 } });
  if (revoked.has(code)) return new AppError('forbidden', 'Sales Agent was removed from this Slack workspace.', { cause: error });
  const words = closed.get(code);
  if (words) return new AppError('forbidden', words, { cause: error });
  if (/^(internal_error|fatal_error|service_unavailable|request_timeout|team_added_to_org|accesslimited)$/.test(code))
    return new AppError('unavailable', 'Slack does not answer right now.', { cause: error });
  return new AppError('internal', 'Slack did not take what we sent.', { cause: error });
}
