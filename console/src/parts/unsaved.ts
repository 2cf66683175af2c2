import { useEffect } from 'react';

/** What the browser tells before it goes elsewhere (Navigation API); not every browser has it. */
interface Going extends Event {
  readonly cancelable: boolean;
  readonly navigationType: 'push' | 'replace' | 'reload' | 'traverse';
  readonly destination: { readonly url: string; readonly key: string };
}
interface Navigating extends EventTarget {
  traverseTo(key: string): unknown;
}

/** Where somebody wanted to go from a page on which he typed something that is kept nowhere. */
export interface Leaving {
  /** Goes there all the same. */
  go(): void;
  stay(): void;
}

type Ask = (leaving: Leaving | undefined) => void;
let ask: Ask = () => {};
const dirty = new Set<object>();

/** Whoever asks people whether they mean to leave. */
export function onLeaving(next: Ask): () => void {
  ask = next;
  return () => {
    ask = () => {};
  };
}

/** What was typed and not kept is not lost by a slip: neither by another page of ours, the back button, nor by closing the window. */
export function useUnsaved(isDirty: boolean): void {
  useEffect(() => {
    if (!isDirty) return;
    const mark = {};
    dirty.add(mark);
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('beforeunload', warn);
    return () => {
      dirty.delete(mark);
      removeEventListener('beforeunload', warn);
    };
  }, [isDirty]);
}

const { navigation } = globalThis as { navigation?: Navigating };
navigation?.addEventListener('navigate', (event) => {
  const { cancelable, navigationType, destination } = event as Going;
  if (dirty.size === 0 || !cancelable || navigationType === 'reload') return;
  const to = new URL(destination.url);
  // Filters of the same page, and what is downloaded, leave nothing.
  if (to.origin !== location.origin || to.pathname === location.pathname || to.pathname.startsWith('/api/')) return;
  event.preventDefault();
  ask({
    stay: () => ask(undefined),
    go: () => {
      ask(undefined);
      dirty.clear();
      if (navigationType === 'traverse') navigation.traverseTo(destination.key);
      else history.pushState(null, '', to);
    },
  });
});
