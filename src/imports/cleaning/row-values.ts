import { accountFields, companyFields, dealFields, personFields } from '../table.ts';

/** The cells of a row, sorted by what they are: company, deal and account have one place each, every person six behind them. */
export type Values = (string | undefined)[];

const places = <Field extends string>(fields: readonly Field[]): Record<Field, number> =>
  Object.fromEntries(fields.map((field, index) => [field, index])) as Record<Field, number>;

const single = [...companyFields, ...dealFields, ...accountFields] as const;
export const at = places(single);
export const singlePlaces = single.length;
export const personAt = places(personFields);
export const personPlaces = personFields.length;
