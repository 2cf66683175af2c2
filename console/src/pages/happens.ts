import { lazy } from 'react';
import type { Page, View } from './page.ts';

/** What happens: now, and what did. A page is fetched when it is looked at. */
export const happens = {
  pages: [
    { path: '/', name: 'home', group: 'now', icon: 'pulse', letter: 'h' },
    { path: '/calls', name: 'calls', group: 'now', icon: 'phone', letter: 'c' },
    { path: '/trunks', name: 'trunks', group: 'now', icon: 'trunk', letter: 't' },
    { path: '/map', name: 'map', group: 'now', icon: 'map', letter: 'm' },
    { path: '/records', name: 'records', group: 'now', icon: 'records', letter: 'r' },
    { path: '/copies', name: 'copies', group: 'now', icon: 'lock', letter: 'd', role: 'operator', copies: true },
  ],
  views: [
    { path: '/', view: lazy(() => import('./home.tsx')) },
    { path: '/calls', view: lazy(() => import('./calls/calls.tsx')) },
    { path: '/calls/:call', view: lazy(() => import('./calls/call.tsx')) },
    { path: '/trunks', view: lazy(() => import('./trunks/trunks.tsx')) },
    { path: '/trunks/:trunk', view: lazy(() => import('./trunks/trunk.tsx')) },
    { path: '/map', view: lazy(() => import('./map/map.tsx')) },
    { path: '/records', view: lazy(() => import('./records/records.tsx')) },
    { path: '/copies', view: lazy(() => import('./calls/copies-page.tsx')) },
  ],
} as const satisfies { readonly pages: readonly Page[]; readonly views: readonly View[] };
