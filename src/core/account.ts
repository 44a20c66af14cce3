export const accountHealths = ['good', 'watch', 'poor'] as const;

/** A customer. Where it is and how to reach it stands with the lead it was won from. */
export interface Account {
  id: string;
  name: string;
  since: Date;
  /** What it pays a month; decimal text, USD. */
  mrrUsd: string | null;
  health: string | null;
  leadId: string | null;
  city: string | null;
  state: string | null;
  phone: string | null;
  ownerId: string | null;
  ownerName: string | null;
  demo: boolean;
  openDeals: number;
  /** Of the open deals; decimal text, USD. */
  openUsd: string;
}

export interface AccountFilter {
  /** Words that all appear in the name. */
  query?: string;
  /** Null: nobody's. */
  ownerId?: string | null;
  health?: string[];
  state?: string;
  city?: string;
}

export const accountSorts = ['mrr', 'name', 'newest'] as const;
export type AccountSort = (typeof accountSorts)[number];

export interface Accounts {
  /** The first of them in this order; `total` and `mrrUsd` are of all that fit. */
  list(
    filter: AccountFilter,
    page: { sort: AccountSort; limit: number },
  ): Promise<{ items: Account[]; total: number; mrrUsd: string }>;
}
