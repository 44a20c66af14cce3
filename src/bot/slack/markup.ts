import { storable } from '../../core/visible.ts';

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>' };

/**
 * What somebody typed, as plain text: Slack escapes three signs and writes mentions, channels and links in angle brackets. One pass, so that
 * what an escape stands for is not read as markup again. A mention of ours is an address, not a part of what is said.
 */
export function plainText(text: string, ourselves?: string): string {
  const plain = text.replace(
    /<([^<>]*)>([,:]?[^\S\n])?|&(amp|lt|gt);/g,
    (_all, inside: string | undefined, after: string | undefined, entity: string | undefined) => {
      if (entity) return entities[entity]!;
      // what stands between us and the rest of the sentence goes with us
      return isMention(inside ?? '', ourselves) ? '' : marked(inside ?? '') + (after ?? '');
    },
  );
  return storable(plain).trim();
}

const isMention = (inside: string, userId: string | undefined): boolean =>
  userId !== undefined && inside.split('|')[0] === `@${userId}`;

/** Whether somebody speaks to us by name. */
export const mentions = (text: string, userId: string | undefined): boolean =>
  [...text.matchAll(/<([^<>]*)>/g)].some(([, inside]) => isMention(inside!, userId));

function marked(inside: string): string {
  const [target = '', ...labels] = inside.split('|');
  const label = unescaped(labels.join('|'));
  const id = target.slice(1);
  if (target.startsWith('@')) return `@${label || id}`;
  if (target.startsWith('#')) return `#${label || id}`;
  if (target.startsWith('!')) return special(id, label);
  return link(unescaped(target), label);
}

/** `!here`, `!subteam^S1|@sales`, `!date^1392734382^{date}|Feb 18`. */
function special(id: string, label: string): string {
  if (label) return label;
  return id.includes('^') ? '' : `@${id}`;
}

/** Slack makes links of what looks like one: then the label is what was typed. */
function link(target: string, label: string): string {
  const bare = target.replace(/^(?:https?:\/\/|mailto:|tel:)/, '');
  if (!label || label === target || bare.replace(/\/$/, '') === label)
    return label || (/^(?:mailto|tel):/.test(target) ? bare : target);
  return `${label} (${target})`;
}

const unescaped = (text: string): string => text.replace(/&(amp|lt|gt);/g, (_all, entity: string) => entities[entity]!);
