import { DOMParser } from '@xmldom/xmldom';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toText } from '#kernel';
import { type LiveDialog, readDialogInfo, readPidf, writeDialogInfo, writePidf } from './index.ts';

/** As somebody else's parser reads it; it throws where that is no XML. */
function parsed(octets: string) {
  const onError = (_level: string, message: string) => {
    throw new Error(message);
  };
  return new DOMParser({ onError }).parseFromString(toText(octets), 'application/xml').documentElement!;
}

const entity = fc.string({ unit: 'grapheme', maxLength: 20 }).map((user) => `sip:${user}@example.com`);
const dialog: fc.Arbitrary<LiveDialog> = fc.record({
  id: fc.stringMatching(/^[0-9a-f]{1,20}$/),
  direction: fc.constantFrom('initiator', 'recipient'),
  state: fc.constantFrom('trying', 'early', 'confirmed', 'terminated'),
});

describe('the dialogs of somebody (RFC 4235 4)', () => {
  test('are read as they were written, whatever his name is', () => {
    fc.assert(
      fc.property(entity, fc.nat(), fc.array(dialog, { maxLength: 5 }), (uri, version, dialogs) => {
        const root = parsed(writeDialogInfo({ entity: uri, version, state: 'partial', dialogs }));
        expect(root.namespaceURI).toBe('urn:ietf:params:xml:ns:dialog-info');
        expect(root.getAttribute('version')).toBe(String(version));
        expect(root.getAttribute('state')).toBe('partial');
        const read = [...root.getElementsByTagName('dialog')].map((one) => ({
          id: one.getAttribute('id'),
          direction: one.getAttribute('direction'),
          state: one.getElementsByTagName('state')[0]!.textContent,
        }));
        expect(read).toEqual(dialogs);
      }),
    );
  });

  test('none is a document too', () => {
    const root = parsed(writeDialogInfo({ entity: 'sip:ann@example.com', version: 0, state: 'full', dialogs: [] }));
    expect(root.getAttribute('entity')).toBe('sip:ann@example.com');
    expect(root.getElementsByTagName('dialog').length).toBe(0);
  });
});

describe('the presence of somebody (RFC 3863)', () => {
  const rpid = 'urn:ietf:params:xml:ns:pidf:rpid';
  test.each([
    [true, true],
    [true, false],
    [false, false],
  ])('open: %s, on the phone: %s', (open, onThePhone) => {
    const root = parsed(writePidf({ entity: 'sip:<ann>&co@example.com', open, onThePhone }));
    expect(root.namespaceURI).toBe('urn:ietf:params:xml:ns:pidf');
    expect(root.getAttribute('entity')).toBe('sip:<ann>&co@example.com');
    expect(root.getElementsByTagName('basic')[0]!.textContent).toBe(open ? 'open' : 'closed');
    expect(root.getElementsByTagNameNS(rpid, 'on-the-phone').length).toBe(onThePhone ? 1 : 0);
    // RFC 4479 3.1: the person stands behind all tuples.
    expect([...root.childNodes].filter(({ nodeType }) => nodeType === 1).map(({ nodeName }) => nodeName)).toEqual(
      onThePhone ? ['tuple', 'dm:person'] : ['tuple'],
    );
  });
});

describe('what another node tells', () => {
  const limit = { maxLength: 5 };

  test('of dialogs is read as it was written', () => {
    fc.assert(
      fc.property(
        entity,
        fc.nat(),
        fc.constantFrom('full', 'partial'),
        fc.array(dialog, limit),
        (uri, version, state, dialogs) => {
          expect(readDialogInfo(writeDialogInfo({ entity: uri, version, state, dialogs }))).toEqual({
            version,
            state,
            dialogs,
          });
        },
      ),
    );
  });

  test('of presence is read as it was written', () => {
    fc.assert(
      fc.property(entity, fc.boolean(), fc.boolean(), (uri, open, onThePhone) => {
        expect(readPidf(writePidf({ entity: uri, open, onThePhone }))).toEqual({ open, onThePhone });
      }),
    );
  });

  test('is read as others write it too: other prefixes, elements that we do not know', () => {
    const theirs = `<?xml version="1.0"?><d:dialog-info xmlns:d="urn:ietf:params:xml:ns:dialog-info" version="7" state="full" entity="sip:a@b">
      <d:dialog id="x" call-id="c" direction="recipient"><d:state event="replaced"> early </d:state><d:duration>3</d:duration>
      <other xmlns="urn:other"><state>confirmed</state></other></d:dialog>
      <d:dialog id="y"><d:state>confirmed</d:state></d:dialog><d:dialog id="z" direction="initiator"><d:state>talking</d:state></d:dialog>
      </d:dialog-info>`;
    expect(readDialogInfo(theirs)).toEqual({
      version: 7,
      state: 'full',
      dialogs: [{ id: 'x', direction: 'recipient', state: 'early' }],
    });
  });

  test('has a limit', () => {
    const dialogs = Array.from(
      { length: 300 },
      (_, n) => ({ id: `${n}`, direction: 'initiator', state: 'early' }) as const,
    );
    const read = readDialogInfo(
      writeDialogInfo({ entity: 'a', version: 1, state: 'full', dialogs: dialogs.slice(0, 210) }),
    );
    expect('dialogs' in read && read.dialogs.length).toBe(200);
    expect(readDialogInfo(writeDialogInfo({ entity: 'a', version: 1, state: 'full', dialogs }))).toHaveProperty(
      'fault',
    );
  });

  test.each([
    ['', 'nothing'],
    ['<a>', 'no end'],
    ['<presence/>', 'another document'],
    [writePidf({ entity: 'a', open: true, onThePhone: true }).replace('<?', '<!DOCTYPE x>'), 'a document type'],
  ])('%j is neither: %s', (text) => {
    expect(readDialogInfo(text)).toHaveProperty('fault');
    expect(readPidf(text)).toHaveProperty('fault');
  });
});
