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
}

/** Whether a role includes another's rights. */
export function mayAs(has: Role, needs: Role): boolean {
  return roles.indexOf(has) >= roles.indexOf(needs);
}
