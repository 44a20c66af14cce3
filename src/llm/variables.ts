import { z } from 'zod';
import type { Setting } from './provider.ts';

const text = z.string().trim().min(1);
const url = z.url({ protocol: /^https?$/ }).transform((address) => address.replace(/\/+$/, ''));

/** A key; setting it switches the provider on. */
export const keyOf = (label: string, example?: string) =>
  ({
    schema: text.optional(),
    about: `Key of ${label}: its models answer too. Costs money: see TURN_MAX_COST_USD.`,
    ...(example && { example }),
  }) satisfies Setting;

export const modelOf = (label: string, fallback: string) =>
  ({ schema: text.default(fallback), about: `Which model of ${label}.` }) satisfies Setting;

export const addressOf = (label: string, format: string) =>
  ({ schema: url.optional(), about: `Another address of ${label}, or one that speaks its ${format}.` }) satisfies Setting;

/** The address of a server that a person runs: setting it, and the model, switches the provider on. */
export const serverOf = (label: string, example: string) =>
  ({ schema: url.optional(), about: `A server of yours that speaks as ${label} does; needs no key.`, example }) satisfies Setting;

export const servedModelOf = (label: string, example: string) =>
  ({ schema: text.optional(), about: `Which model the ${label} server has.`, example }) satisfies Setting;

/** An address as its SDK wants it, also when it was given without the path, or with the path that the SDK adds by itself. */
export const withPath = (address: string, path: string): string =>
  new URL(address).pathname === '/' ? address.replace(/\/+$/, '') + path : address.replace(/\/+$/, '');
export const withoutPath = (address: string, path: string): string =>
  address.replace(/\/+$/, '').replace(new RegExp(`${path}$`), '');
