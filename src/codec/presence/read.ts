import { scanXml } from '#codec/xml';
import { detach, type Octets } from '#kernel';
import type { LiveDialog } from './dialog-info.ts';

/** Dialogs of one document that are read, and the longest of their ids. */
const mostDialogs = 200;
const longestId = 200;

const dialogInfo = 'urn:ietf:params:xml:ns:dialog-info';
const pidf = 'urn:ietf:params:xml:ns:pidf';
const rpid = 'urn:ietf:params:xml:ns:pidf:rpid';

const states: ReadonlySet<string> = new Set<LiveDialog['state']>(['trying', 'early', 'confirmed', 'terminated']);

/** What a document says of somebody's dialogs (RFC 4235 4); a text says why nothing could be read of it. */
export function readDialogInfo(
  octets: Octets,
):
  | { readonly version: number; readonly state: 'full' | 'partial'; readonly dialogs: readonly LiveDialog[] }
  | { readonly fault: string } {
  const path: string[] = [];
  const dialogs: LiveDialog[] = [];
  let version = Number.NaN;
  let isFull = false;
  let open: { readonly id: Octets; readonly direction: Octets; state: Octets } | undefined;
  const fault = scanXml(octets, {
    opened(space, name, attributes) {
      path.push(`${space} ${name}`);
      if (space !== dialogInfo) return;
      if (path.length === 1 && name === 'dialog-info') {
        version = Number(attributes.get('version') ?? Number.NaN);
        isFull = attributes.get('state') === 'full';
      } else if (path.length === 2 && name === 'dialog')
        open = { id: attributes.get('id') ?? '', direction: attributes.get('direction') ?? '', state: '' };
    },
    text(more) {
      if (open && path.length === 3 && path[2] === `${dialogInfo} state` && open.state.length < 20) open.state += more;
    },
    closed() {
      path.pop();
      if (path.length !== 1 || !open) return;
      const { id, direction } = open;
      const state = open.state.trim();
      open = undefined;
      if (id === '' || id.length > longestId || dialogs.length >= mostDialogs) return;
      if (direction !== 'initiator' && direction !== 'recipient') return;
      if (states.has(state)) dialogs.push({ id: detach(id), direction, state: detach(state) as LiveDialog['state'] });
    },
  });
  if (fault !== undefined) return { fault };
  if (!Number.isSafeInteger(version) || version < 0) return { fault: 'it is no document of dialogs' };
  return { version, state: isFull ? 'full' : 'partial', dialogs };
}

/** What a document says of somebody's presence (RFC 3863 4, RFC 4480 3.2); a text says why nothing could be read of it. */
export function readPidf(
  octets: Octets,
): { readonly open: boolean; readonly onThePhone: boolean } | { readonly fault: string } {
  const path: string[] = [];
  let [isPidf, open, onThePhone, basic] = [false, false, false, ''];
  const fault = scanXml(octets, {
    opened(space, name) {
      if (path.length === 0) isPidf = space === pidf && name === 'presence';
      path.push(name);
      if (space === rpid && name === 'on-the-phone') onThePhone = true;
      basic = '';
    },
    text(more) {
      if (path.at(-1) === 'basic' && basic.length < 20) basic += more;
    },
    closed() {
      if (path.pop() === 'basic' && basic.trim() === 'open') open = true;
    },
  });
  if (fault !== undefined) return { fault };
  return isPidf ? { open, onThePhone } : { fault: 'it is no presence document' };
}
