import { addUsd, inCents } from './money.ts';

/** The stages of a deal in their order. Lists that are imported may bring names of their own. */
const dealStages = ['discovery', 'proposal', 'negotiation', 'won', 'lost'] as const;

/** Won or lost, in whatever words: "won", "Closed Lost", "closedwon". */
export const isClosedStage = (stage: string): boolean => /^closed|(?:won|lost)$/i.test(stage.trim());

/** "Closed Won" and "closedwon" are "won". */
export const stageKey = (stage: string): string =>
  stage
    .trim()
    .toLowerCase()
    .replace(/[\s_-]+/g, ' ')
    .replace(/^closed ?(?=won$|lost$)/, '');

export interface DealRow {
  id: string;
  name: string;
  stage: string;
  /** Decimal text, USD. */
  amountUsd: string | null;
  closesAt: Date | null;
  leadId: string | null;
  leadName: string | null;
  accountId: string | null;
  accountName: string | null;
  ownerId: string | null;
  ownerName: string | null;
  demo: boolean;
}

export interface DealFilter {
  /** By `stageKey`. */
  stage?: string[];
  /** Neither won nor lost, or only these. */
  open?: boolean;
  /** Null: nobody's. */
  ownerId?: string | null;
  /** Words that all appear in the name of the deal, of its account or of its lead. */
  about?: string;
  closesFrom?: Date;
  closesBefore?: Date;
}

export const dealSorts = ['amount', 'closes', 'newest'] as const;
export type DealSort = (typeof dealSorts)[number];

/** Deals of one stage: how many, and what they come to. */
export interface StageSum {
  stage: string;
  count: number;
  /** Decimal text, USD; deals without an amount count as nothing. */
  amountUsd: string;
}

export interface Deals {
  /** The first of them in this order, and all that fit by stage, in the order of the stages. */
  list(filter: DealFilter, page: { sort: DealSort; limit: number }): Promise<{ items: DealRow[]; stages: StageSum[] }>;
}

/** By stage: known ones in their order, others between those that are open and those that are not. */
export function inStageOrder(stages: StageSum[]): StageSum[] {
  const place = ({ stage }: StageSum): number => {
    const at = (dealStages as readonly string[]).indexOf(stageKey(stage));
    return at >= 0 ? at : isClosedStage(stage) ? dealStages.length : dealStages.indexOf('won') - 0.5;
  };
  return [...stages].sort((a, b) => place(a) - place(b) || (a.stage < b.stage ? -1 : 1));
}

/** All of them together, to the cent. */
export const sumOf = (stages: readonly StageSum[]): { count: number; amountUsd: string } => ({
  count: stages.reduce((count, stage) => count + stage.count, 0),
  amountUsd: inCents(addUsd(...stages.map(({ amountUsd }) => amountUsd))),
});
