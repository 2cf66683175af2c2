import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { answer, api, type Schemas } from '../../api/client.ts';
import { useMe } from '../../api/me.ts';
import type { Tree } from '../../configuration/edits.ts';
import { nameOf, objectsOf } from '../../configuration/objects.ts';
import { useContents, useDraft } from '../../configuration/queries.ts';
import { treeOf } from '../objects/object-form.tsx';
import { useTrunks } from '../trunks/trunks-data.ts';
import { type Topology, topologyIn, topologyTold } from './topology.ts';

type Finding = Schemas['Finding'];

/** What the map shows, and how it is. By `trunk itsp`, `site berlin`, `link 0`. */
export interface MapData {
  readonly topology: Topology;
  /** What is being changed; undefined while nobody edits. */
  readonly tree: Tree | undefined;
  readonly live: ReadonlyMap<string, Schemas['Trunk']>;
  readonly capacity: ReadonlyMap<string, Schemas['Capacity']>;
  readonly findings: ReadonlyMap<string, readonly Finding[]>;
  /** What the draft has made or changed. */
  readonly changed: ReadonlySet<string>;
  /** What it has taken away. */
  readonly gone: readonly string[];
}

const kinds = [
  ['trunks', 'trunk'],
  ['sites', 'site'],
] as const;
const nothing: ReadonlySet<string> = new Set();

/** Of what runs, or, while somebody edits, of his draft. */
export function useMap(isEditing: boolean): {
  readonly data: MapData | undefined;
  readonly error: Error | null;
  readonly again: () => void;
} {
  const { data: me } = useMe();
  const trunks = useTrunks();
  const told = useQuery({
    queryKey: ['topology', 'told'],
    queryFn: () => answer(api.GET('/api/v1/topology')),
    refetchInterval: 5_000,
    enabled: !isEditing,
  });
  const capacity = useQuery({
    queryKey: ['capacity'],
    queryFn: () => answer(api.GET('/api/v1/capacity')),
    refetchInterval: 5_000,
    // Who has some sites has none of it.
    enabled: me !== undefined && me.sites === undefined,
  });
  const contents = useContents({ enabled: isEditing });
  const file = useQuery({
    queryKey: ['configuration', 'contents', 'file'],
    queryFn: () => answer(api.GET('/api/v1/configuration/contents')),
    enabled: isEditing,
  });
  const draft = useDraft({ enabled: isEditing });

  const tree = useMemo(
    () => (isEditing && contents.data ? treeOf(contents.data.tree) : undefined),
    [isEditing, contents.data],
  );
  // The same as long as nobody changes it: its parts are laid out once, whatever becomes of trunks.
  const topology = useMemo(
    () => (tree ? topologyIn(tree) : !isEditing && told.data ? topologyTold(told.data) : undefined),
    [tree, isEditing, told.data],
  );
  const data = useMemo((): MapData | undefined => {
    if (!topology || !trunks.data) return undefined;
    const before = tree && file.data ? namedIn(treeOf(file.data.tree)) : undefined;
    const now = tree && namedIn(tree);
    return {
      ...{ topology, tree },
      live: new Map(trunks.data.map((one) => [one.name, one])),
      capacity: new Map((capacity.data?.items ?? []).map((one) => [one.name, one])),
      findings: tree ? findingsBy(tree, draft.data?.examination.findings ?? []) : new Map(),
      changed:
        before && now ? new Set([...now].flatMap(([key, text]) => (before.get(key) === text ? [] : [key]))) : nothing,
      gone: before && now ? [...before.keys()].filter((key) => !now.has(key)) : [],
    };
  }, [tree, topology, trunks.data, file.data, draft.data, capacity.data]);
  const first = isEditing ? contents : told;
  return {
    data,
    error: data ? null : (trunks.error ?? first.error),
    again: () => {
      void trunks.refetch();
      void first.refetch();
    },
  };
}

/** Each object as a text, to be compared. A link is told by its ends. */
function namedIn(tree: Tree): ReadonlyMap<string, string> {
  const links = objectsOf(tree, 'links').map((link) => [`link ${JSON.stringify(link.between)}`, link] as const);
  return new Map(
    [
      ...kinds.flatMap(([section, kind]) =>
        objectsOf(tree, section).map((one) => [`${kind} ${nameOf(one)}`, one] as const),
      ),
      ...links,
    ].map(([key, one]) => [key, JSON.stringify(one)]),
  );
}

const placed = /^(\w+)\[(\d+)\]/;

function findingsBy(tree: Tree, findings: readonly Finding[]): ReadonlyMap<string, readonly Finding[]> {
  const found = new Map<string, Finding[]>();
  for (const one of findings) {
    const [, section = '', at] = placed.exec(one.path) ?? [];
    const kind = kinds.find(([name]) => name === section)?.[1];
    const object = objectsOf(tree, section)[Number(at)];
    const key = section === 'links' ? `link ${at}` : kind && object ? `${kind} ${nameOf(object)}` : undefined;
    if (key !== undefined) found.set(key, [...(found.get(key) ?? []), one]);
  }
  return found;
}
