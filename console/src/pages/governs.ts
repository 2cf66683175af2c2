import { lazy } from 'react';
import type { Page, View } from './page.ts';

/** What governs: configuration, routing, access. */
export const governs = {
  pages: [
    {
      path: '/configuration',
      name: 'configuration',
      group: 'rules',
      icon: 'settings',
      letter: 'f',
      role: 'administrator',
    },
    {
      path: '/objects/dial-plans',
      name: 'numbers',
      group: 'rules',
      icon: 'number',
      letter: 'n',
      role: 'administrator',
    },
    { path: '/objects/users', name: 'users', group: 'rules', icon: 'people', letter: 'u', role: 'administrator' },
    { path: '/new-trunk', name: 'wizard', group: 'rules', icon: 'wand', letter: 'w', role: 'administrator' },
    { path: '/history', name: 'history', group: 'rules', icon: 'history', letter: 'y', role: 'operator' },
  ],
  views: [
    { path: '/configuration', view: lazy(() => import('./configuration/index.tsx')) },
    { path: '/routing', view: lazy(() => import('./routing/index.tsx')) },
    { path: '/objects/:section', view: lazy(() => import('./objects/index.tsx')) },
    { path: '/objects/:section/:name', view: lazy(() => import('./objects/object.tsx')) },
    { path: '/new-trunk', view: lazy(() => import('./wizard/index.tsx')) },
    { path: '/history', view: lazy(() => import('./configuration/history.tsx')) },
  ],
} as const satisfies { readonly pages: readonly Page[]; readonly views: readonly View[] };
