/**
 * Cards as they are drawn, without what would reach out by itself: pictures come from the card or not at all, and only web addresses can be
 * followed. What is shown as JSON is the card as it came.
 */
export function inert<T>(value: T): T {
  if (Array.isArray(value)) return value.map(inert) as T;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).flatMap(([key, inner]): [string, unknown][] => {
    if (pictures.has(key) || (key === 'url' && isPicture(value))) return isOwnPicture(inner) ? [[key, inner]] : [];
    if (addresses.has(key)) return isWebAddress(inner) ? [[key, inner]] : [];
    return [[key, inert(inner)]];
  });
  return Object.fromEntries(entries) as T;
}

const pictures = new Set([
  'image_url',
  'thumbnail_url',
  'icon_url',
  'video_url',
  'iconUrl',
  'backgroundImage',
  'poster',
  'media',
  'sources',
]);
const addresses = new Set(['url', 'title_url', 'href']);

const isPicture = (value: object): boolean => 'type' in value && /^(?:Image|Media|image|video)/.test(String(value.type));
const isOwnPicture = (value: unknown): boolean =>
  typeof value === 'string' && /^data:image\/(?:png|jpeg|gif|webp);base64,/.test(value);

export const isWebAddress = (value: unknown): value is string =>
  typeof value === 'string' && URL.canParse(value) && ['http:', 'https:'].includes(new URL(value).protocol);
