import type { Actor, Role } from './actor.ts';

/** Keys are shown once; the database holds a hash of the secret. */
export interface ApiKey {
  id: string;
  label: string;
  userName: string;
  role: Role;
  createdAt: Date;
  expiresAt: Date | null;
  lastUsedAt: Date | null;
}

export type Identity = Omit<Actor, 'surface'>;

/** Who is who. Only doors ask it; the answer is the actor of everything that follows. */
export interface Access {
  /** The person at this machine: owner of the workspace, allowed where no login is needed. */
  local(): Promise<Identity>;
  /** The user of a key; nothing for a wrong, revoked or expired one. */
  byKey(key: string): Promise<Identity | undefined>;
  /** The user again, for a job that runs later; nothing when they are gone or shut out. */
  byUser(tenantId: string, userId: string): Promise<Identity | undefined>;
  /** The user of this handle. Only for a door that needs no key. */
  byHandle(handle: string): Promise<Identity | 'disabled' | undefined>;
  hasKeys(): Promise<boolean>;
  listKeys(): Promise<ApiKey[]>;
  /** Makes the user when the handle is new, and notes their e-mail address when one is given. The key is returned once. */
  createKey(options: {
    user: string;
    role?: Role;
    label?: string;
    expiresInDays?: number;
    email?: string;
  }): Promise<{ key: string; info: ApiKey }>;
  revokeKey(id: string): Promise<boolean>;
  /** Shuts somebody out, or lets them in again: keys and chat accounts open nothing meanwhile. False when they were (in) already. */
  setDisabled(user: string, disabled: boolean): Promise<boolean>;
}
