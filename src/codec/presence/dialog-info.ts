import { escapeXml } from '#codec/xml';
import type { Octets } from '#kernel';

export const dialogInfoType = 'application/dialog-info+xml';

/** A dialog of somebody, by the states of RFC 4235 3.7.1. */
export interface LiveDialog {
  /** Of this dialog as long as it lives (RFC 4235 4.1.2). */
  readonly id: string;
  /** He called, or was called. */
  readonly direction: 'initiator' | 'recipient';
  readonly state: 'trying' | 'early' | 'confirmed' | 'terminated';
}

export interface DialogInfo {
  /** Whose dialogs they are: the URI that was subscribed to. */
  readonly entity: string;
  /** One more with each document of a subscription (RFC 4235 4.1). */
  readonly version: number;
  /** `full`: all that there are; `partial`: those that have changed (4.3). */
  readonly state: 'full' | 'partial';
  readonly dialogs: Iterable<LiveDialog>;
}

/** RFC 4235 4. With whom he talks it does not say. */
export function writeDialogInfo({ entity, version, state, dialogs }: DialogInfo): Octets {
  const uri = escapeXml(entity);
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" version="${version}" state="${state}" entity="${uri}">`,
  ];
  for (const { id, direction, state: now } of dialogs)
    lines.push(
      `<dialog id="${escapeXml(id)}" direction="${direction}">`,
      `<state>${now}</state>`,
      `<local><identity>${uri}</identity></local>`,
      '</dialog>',
    );
  return `${lines.join('\r\n')}\r\n</dialog-info>\r\n`;
}
