import { localTime } from '../cdr-text.ts';
import { type OutputOptions, printList, tell } from '../output/output.ts';
import { answered, openRemote, type RemoteOptions } from '../rest/remote.ts';

export type KeptOptions = RemoteOptions & OutputOptions & { readonly trunk?: string; readonly number?: string };

const { stdout, stderr } = process;
const most = 200;

/** `tandem trace --kept`: calls whose messages are on the disk, the newest first. */
export async function kept({ trunk, number, output, ...options }: KeptOptions): Promise<void> {
  const { client } = await openRemote({ ...options });
  const query = { ...(trunk !== undefined && { trunk }), ...(number !== undefined && { number }), limit: most };
  const { items, next, total } = await answered(client.GET('/api/v1/traces', { params: { query: query as never } }));
  printList(
    stdout,
    output,
    items,
    [
      { heading: 'CALL', cell: ({ call }) => call, least: 13 },
      { heading: 'ENDED', cell: ({ endedAt }) => localTime(Date.parse(endedAt)), spare: 2.5 },
      { heading: 'CALLER', cell: ({ caller }) => caller, least: 8, spare: 1 },
      { heading: 'CALLED', cell: ({ called }) => called, least: 8 },
      { heading: 'TRUNKS', cell: ({ trunks }) => trunks.join(', '), least: 6, spare: 3 },
      { heading: 'WHY IT ENDED', cell: ({ reason }) => reason, least: 10, spare: 2 },
      { heading: 'MESSAGES', cell: ({ messages }) => String(messages), right: true, spare: 4 },
    ],
    'No messages are kept: `tracing.keep` of the configuration says of which calls they are.',
  );
  if (next !== undefined) tell(stderr, `The newest ${items.length} of ${total}: --trunk and --number show fewer.\n`);
}
