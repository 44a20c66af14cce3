/** Who acts. It comes from a verified door (session, key, signature), never from a model. */
export const roles = ['viewer', 'rep', 'manager', 'admin'] as const;
export type Role = (typeof roles)[number];

export type Surface = 'rest' | 'terminal' | 'playground' | 'slack' | 'teams' | 'mcp' | 'voice' | 'job';

export interface Actor {
  tenantId: string;
  userId: string;
  /** How people call the user; shown on receipts. */
  userName: string;
  role: Role;
  surface: Surface;
  /** IANA zone in which "tomorrow at 9" is meant. */
  timeZone: string;
  /** ISO region that national phone numbers and states are read in. */
  country: string;
}

export const atLeast = (role: Role, needed: Role): boolean => roles.indexOf(role) >= roles.indexOf(needed);

export interface User {
  id: string;
  handle: string;
  name: string;
  email: string | null;
  role: Role;
  demo: boolean;
  /** Shut out: may not act any more. */
  disabled: boolean;
}

export interface Users {
  get(id: string): Promise<User | undefined>;
  /** Looks a person up by handle, full name or first name; more than one hit is the caller's question to ask. */
  find(reference: string): Promise<User[]>;
  list(): Promise<User[]>;
}
