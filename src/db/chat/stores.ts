import type { Pool } from 'pg';
import { chatSurfaces } from '../../core/chat.ts';
import type { ChatStores } from '../../core/chat-stores.ts';
import type { Log } from '../../log.ts';
import type { PrismaClient } from '../generated/client.ts';
import { served } from '../presence.ts';
import { alone } from './alone.ts';
import { cardViews } from './card-views.ts';
import { identities } from './identities.ts';
import { inbox } from './inbox.ts';
import { installs } from './installs.ts';
import { outbox } from './outbox.ts';
import { playgroundMessages } from './playground.ts';
import { preferences } from './preferences.ts';
import { references } from './references.ts';
import type { Seal } from './seal.ts';
import { streams } from './streams.ts';
import { tokens } from './tokens.ts';

/** All that chat surfaces keep for one workspace. */
export function chatStores({
  prisma,
  pool,
  tenantId,
  seal,
  log,
}: {
  prisma: PrismaClient;
  pool: Pool;
  tenantId: string;
  seal: Seal;
  log: Log;
}): ChatStores {
  const views = cardViews(pool, tenantId);
  return {
    inbox: inbox(pool, tenantId),
    identities: identities(prisma, tenantId, seal),
    outbox: outbox({ pool, tenantId, seal, views, log }),
    tokens: tokens(pool, tenantId),
    cardViews: views,
    installs: installs(pool, tenantId, seal),
    references: references(pool, tenantId),
    streams: streams(pool, tenantId),
    preferences: preferences(prisma, tenantId),
    playground: playgroundMessages({ pool, tenantId, seal, log }),
    alone: alone(pool, log),
    served: () => served(pool, chatSurfaces),
  };
}
