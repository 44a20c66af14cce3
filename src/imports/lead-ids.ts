export const leadIdLength = 36;

/** Ids of the new leads of one import: UUIDv7 of this moment whose last digits count the rows, so that a row's id need not be kept. */
export function leadIds(): (row: number) => string {
  const random = crypto.getRandomValues(new Uint8Array(7));
  const hex = Buffer.from(random).toString('hex');
  const time = Date.now().toString(16).padStart(12, '0');
  const variant = (8 + (random[0]! & 3)).toString(16);
  const prefix = `${time.slice(0, 8)}-${time.slice(8)}-7${hex.slice(2, 5)}-${variant}${hex.slice(5, 8)}-${hex.slice(8, 12)}`;
  return (row) => prefix + row.toString(16).padStart(8, '0');
}
