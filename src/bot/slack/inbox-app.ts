import { App, AuthorizationError, type Receiver, type ReceiverEvent } from '@slack/bolt';
import { threadKey } from '../../core/inbox.ts';
import { AppError } from '../../errors.ts';
import { onCommand } from './commands.ts';
import type { Installed } from './installs.ts';
import { slackLogger } from './logger.ts';
import { type Envelope, envelope, normalise } from './normalise.ts';
import { showHome, suggestPrompts } from './openings.ts';
import type { SlackParts } from './parts.ts';
import { type FormAck, onForm, onPress } from './presses.ts';
import { onShortcut } from './shortcuts.ts';

/**
 * Bolt, with one difference: it acknowledges an event before anything is done with it, and what happens then is lost when the process ends.
 * Here an event is in the inbox before Slack hears that it arrived; where it cannot be kept, Slack hears nothing good and sends it again.
 * Commands, presses, forms and shortcuts are Bolt's as usual: their acknowledgement is the answer.
 */
export class InboxApp extends App {
  readonly #parts: SlackParts;

  constructor(parts: SlackParts, receiver: Receiver) {
    super({
      receiver,
      convoStore: false,
      logger: slackLogger(parts.log),
      clientOptions: { slackApiUrl: parts.apiUrl, rejectRateLimitedCalls: true, retryConfig: { retries: 0 } },
      authorize: async ({ teamId, enterpriseId }) => {
        const install = await parts.installs.lately(teamId, enterpriseId);
        if (!install) throw new Error('not installed there');
        const { botUserId, botId, externalTenant, slack } = install;
        return {
          botToken: slack.bot.token,
          ...(botId && { botId }),
          ...(botUserId && { botUserId }),
          teamId: teamId ?? externalTenant,
          tenant: externalTenant,
        };
      },
    });
    this.#parts = parts;
    // one listener for each kind: Bolt would run every one that matches, and answer nothing where none does
    this.command(/.*/, ({ body, context, ack }) => onCommand(body, tenantOf(context), ack, parts));
    this.shortcut(/.*/, ({ body, context, ack }) => onShortcut(body, tenantOf(context), ack, parts));
    this.action(/.*/, ({ body, context, ack }) => onPress(body, tenantOf(context), ack, parts));
    this.view({ type: 'view_submission', callback_id: /.*/ }, ({ body, context, ack }) =>
      onForm(body, tenantOf(context), ack as FormAck, parts),
    );
    this.view({ type: 'view_closed', callback_id: /.*/ }, ({ ack }) => ack());
    this.options(/.*/, ({ ack }) => ack({ options: [] }));
  }

  override async processEvent(event: ReceiverEvent): Promise<void> {
    if (event.body['type'] !== 'event_callback') return super.processEvent(event);
    const parsed = envelope.safeParse(event.body);
    if (!parsed.success) throw new AppError('invalid_input', 'This is no event of Slack.');
    const then = await this.#keep(parsed.data, event.retryNum);
    await event.ack();
    then?.();
  }

  /** Keeps what an event says to us; gives what may be done once Slack knows that it arrived. */
  async #keep(body: Envelope, retry: number | undefined): Promise<(() => void) | undefined> {
    const { inbox, installs, log } = this.#parts;
    const install = await this.#installOf(body);
    // the second of two reports that say the same
    if (!install) return undefined;
    const heard = normalise(body, install);
    const about = { eventType: body.event.type, externalTenant: install.externalTenant, ...(retry && { retry }) };
    switch (heard.kind) {
      case 'inbound': {
        const { inbound, follows } = heard;
        if (follows && !(await inbox.follows(threadKey(inbound.place)))) return undefined;
        const kept = await inbox.put(inbound);
        log.info({ ...about, kind: inbound.kind, kept }, 'an event of Slack');
        return undefined;
      }
      case 'opened':
        return () => this.#opened(heard);
      case 'uninstalled':
        await installs.revokeAsOf(install.externalTenant, heard.at);
        return undefined;
      case 'nothing':
        log.debug({ ...about, why: heard.why }, 'an event of Slack is not for us');
        return undefined;
    }
  }

  async #installOf({ authorizations, team_id, enterprise_id, event }: Envelope): Promise<Installed | undefined> {
    const seenBy = authorizations ?? [];
    const install = await this.#parts.installs.lately(
      ...[...seenBy.map((one) => one.team_id), team_id],
      ...[...seenBy.map((one) => one.enterprise_id), enterprise_id],
    );
    if (install || event.type === 'app_uninstalled' || event.type === 'tokens_revoked') return install;
    if (this.#parts.installs.expecting) throw new AppError('unavailable', 'Slack has not told us yet whose token this is.');
    this.#parts.log.warn({ eventType: event.type }, 'an event of a Slack workspace that we are not installed in');
    throw new AuthorizationError('not installed there', new Error('not installed there'));
  }

  #opened({ tab, user, channel }: { tab: 'home' | 'messages'; user: Parameters<typeof showHome>[0]; channel: string }): void {
    const parts = this.#parts;
    if (tab === 'home') parts.afterwards('the home tab of Slack', showHome(user, parts));
    else parts.afterwards('suggested prompts in Slack', suggestPrompts(user, channel, parts));
  }
}

/** Ours, from `authorize`: which installation it is about. */
const tenantOf = (context: Record<string, unknown>): string => String(context['tenant']);
