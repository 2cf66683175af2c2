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
    { path: '/routing', name: 'routing', group: 'rules', icon: 'route', letter: 'o' },
    {
      path: '/objects/dial-plans',
      name: 'numbers',
      group: 'rules',
      icon: 'number',
      letter: 'n',
      role: 'administrator',
    },
    { path: '/emergency', name: 'emergency', group: 'rules', icon: 'siren', letter: 'e', role: 'administrator' },
    { path: '/objects/users', name: 'users', group: 'rules', icon: 'people', letter: 'u', role: 'administrator' },
    { path: '/new-trunk', name: 'wizard', group: 'rules', icon: 'wand', letter: 'w', role: 'administrator' },
    { path: '/history', name: 'history', group: 'rules', icon: 'history', letter: 'y', role: 'operator' },
    { path: '/planning', name: 'planning', group: 'house', icon: 'chart', letter: 'p' },
    { path: '/certificates', name: 'certificates', group: 'house', icon: 'shield', letter: 'x' },
    { path: '/bans', name: 'bans', group: 'house', icon: 'lock', letter: 'b' },
    { path: '/access', name: 'access', group: 'house', icon: 'key', letter: 'a', role: 'administrator' },
    { path: '/audit', name: 'audit', group: 'house', icon: 'records', letter: 'l', role: 'administrator' },
    { path: '/me', name: 'me', group: 'house', icon: 'people', letter: 'i' },
  ],
  views: [
    { path: '/configuration', view: lazy(() => import('./configuration/index.tsx')) },
    { path: '/routing', view: lazy(() => import('./routing/index.tsx')) },
    { path: '/objects/:section', view: lazy(() => import('./objects/index.tsx')) },
    { path: '/objects/:section/:name', view: lazy(() => import('./objects/object.tsx')) },
    { path: '/new-trunk', view: lazy(() => import('./wizard/index.tsx')) },
    { path: '/history', view: lazy(() => import('./configuration/history.tsx')) },
    { path: '/emergency', view: lazy(() => import('./objects/emergency.tsx')) },
    { path: '/planning', view: lazy(() => import('./house/planning.tsx')) },
    { path: '/certificates', view: lazy(() => import('./house/certificates.tsx')) },
    { path: '/bans', view: lazy(() => import('./house/bans.tsx')) },
    { path: '/access', view: lazy(() => import('./access/index.tsx')) },
    { path: '/audit', view: lazy(() => import('./access/audit.tsx')) },
    { path: '/me', view: lazy(() => import('./access/me.tsx')) },
  ],
} as const satisfies { readonly pages: readonly Page[]; readonly views: readonly View[] };
