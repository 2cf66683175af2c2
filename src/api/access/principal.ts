/** What somebody may do: each may do what the one before it may. */
export const roles = ['viewer', 'operator', 'administrator'] as const;
export type Role = (typeof roles)[number];

/** Who asks, once that is known. */
export interface Principal {
  readonly name: string;
  readonly role: Role;
  /** He sees and changes what is of these sites alone; undefined: all. */
  readonly sites?: readonly string[];
  /** By the Unix socket he is the system's user who runs the program. */
  readonly via: 'socket' | 'session' | 'token';
  /** His account's number in the store; `local` has none, nor has what he made a token for. */
  readonly account?: number;
  /** Which of his sessions this is. */
  readonly session?: string;
}

/** Whether a role includes another's rights. */
export function mayAs(has: Role, needs: Role): boolean {
  return roles.indexOf(has) >= roles.indexOf(needs);
}

/** The lesser of two roles. */
export function lesser(one: Role, other: Role): Role {
  return mayAs(one, other) ? other : one;
}
