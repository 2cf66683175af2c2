/** Whom an INVITE calls, wherever it says that; and what of a number crosses. */
import { describe, expect, test } from 'vitest';
import { calledOf } from './called.ts';
import { inviteOf, trunkOf } from './identity.testing.ts';
import { numberAcross } from './number.ts';
import { sideOf } from './side.ts';

const itsp = trunkOf('itsp');
const registration = {
  registrars: [],
  expires: 600_000,
  gin: false,
  outbound: false,
  retry: { base: 30_000, most: 600_000 },
};
const registered = trunkOf('itsp', { registration });
const party = 'P-Called-Party-ID: "x" <sip:+4977@itsp.example;user=phone>';

test.each([
  ['the Request-URI', itsp, 'sip:%2B4977@x', [], { user: '+4977', phone: false }],
  ['telephone', itsp, 'sip:+4977@x;user=PHONE', [], { user: '+4977', phone: true }],
  ['a tel URI', itsp, 'tel:+49-77;ext=1', [], { user: '+49-77;ext=1', phone: true }],
  ['another number than our Contact', registered, 'sip:+4978@x', [party], { user: '+4978', phone: false }],
  ['our Contact', registered, 'sip:line1@x', [party], { user: '+4977', phone: true, from: 'P-Called-Party-ID' }],
  [
    'our Contact, To alone',
    registered,
    'sip:line1@x',
    ['To: <sip:+4977@y>'],
    { user: '+4977', phone: false, from: 'To' },
  ],
  ['our Contact, and nobody says more', registered, 'sip:line1@x', ['To: <sip:y>'], { user: 'line1', phone: false }],
  [
    'To is somebody who hides',
    registered,
    'sip:line1@x',
    ['To: <sip:a@anonymous.invalid>'],
    {
      user: 'line1',
      phone: false,
    },
  ],
  ['nobody', itsp, 'sip:x', [party], { user: '+4977', phone: true, from: 'P-Called-Party-ID' }],
  ['nobody, and To is the other side’s word', itsp, 'sip:x', ['To: <sip:+4977@y>'], { user: '', phone: false }],
  [
    'the user of our Contact on a trunk that does not register',
    itsp,
    'sip:line1@x',
    [party],
    {
      user: 'line1',
      phone: false,
    },
  ],
])('called by %s', (_, trunk, uri, lines, expected) => {
  expect(calledOf(inviteOf(lines, uri), trunk, 'line1')).toEqual(expected);
});

describe('a number on its way to another trunk', () => {
  const side = sideOf(
    trunkOf('ip-pbx', { domain: 'PBX.acme.example' }),
    ['acme.internal'],
    trunkOf('itsp', { domain: 'ITSP.example' }),
    { host: '192.0.2.1', port: 5060 },
  );
  test.each([
    ['+4930123', '+4930123'],
    ['+4930123;ext=5;isub=7;npdi;rn=+4940;cpc=payphone', '+4930123;ext=5;isub=7;npdi;rn=+4940;cpc=payphone'],
    ['+4930123;EXT=5;x=y;sip=10.0.0.2', '+4930123;EXT=5'],
    ['+4930123;phone-context=example.org', '+4930123'],
    ['0123;phone-context=example.org', '0123;phone-context=example.org'],
    ['0123;phone-context=+49', '0123;phone-context=+49'],
    ['0123;phone-context=10.0.0.2', '0123'],
    ['0123;phone-context=pbx.acme.example', '0123'],
    ['0123;phone-context=floor1.pbx.acme.example', '0123'],
    ['0123;phone-context=Acme.Internal', '0123'],
    ['0123;rn=40;rn-context=acme.internal;cic=1;cic-context=example.org', '0123;rn=40;cic=1;cic-context=example.org'],
    ['+4930123;tgrp=7;trunk-context=itsp.example', '+4930123;tgrp=7;trunk-context=itsp.example'],
    ['+4930123;tgrp=7;trunk-context=203.0.113.10', '+4930123;tgrp=7;trunk-context=203.0.113.10'],
    ['+4930123;tgrp=7;trunk-context=pbx.acme.example', '+4930123'],
    ['+4930123;tgrp=7', '+4930123'],
    ['alice;day=tuesday', 'alice;day=tuesday'],
    ['*21%23;ext=1;y', '*21%23;ext=1'],
    [`+49${';ext=1'.repeat(40)}`, `+49${';ext=1'.repeat(16)}`],
  ])('%s is %s', (user, crossed) => {
    expect(numberAcross(user, side)).toBe(crossed);
  });
});
