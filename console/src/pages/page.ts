import type { ComponentType } from 'react';
import type { Role } from '../api/me.ts';
import type { Texts } from '../i18n/en/index.ts';
import type { IconName } from '../parts/icon.tsx';

/** A page of the menu. */
export interface Page {
  readonly path: string;
  readonly name: keyof Texts['pages'];
  readonly group: keyof Texts['groups'];
  readonly icon: IconName;
  /** After `g`. */
  readonly letter: string;
  /** Who may look at it; everybody unless given. */
  readonly role?: Role;
  /** It is of the whole house: not for who has only some sites. */
  readonly whole?: true;
  /** For whom the configuration lets have calls copied. */
  readonly copies?: true;
}

/** What is shown at a path; `:name` in it is a parameter. */
export interface View {
  readonly path: string;
  readonly view: ComponentType;
}
