/** Who is at the other end, told in responses and in requests of the dialog (RFC 5876, RFC 4916). */
import { expect, test } from 'vitest';
import { connectedIdentity } from './connected.ts';
import { home, inviteOf, policyOf, responseOf, trunkOf } from './identity.testing.ts';

const pbx = trunkOf('ip-pbx');
const itsp = trunkOf('itsp');
const ann = 'P-Asserted-Identity: "Ann" <sip:+49301077@10.0.0.2>';
const rpid = { ...itsp, ...policyOf({ header: 'remote-party-id' }) };
const trusted = { ...itsp, ...policyOf({ trusted: true }) };

test.each([
  ['asserted', [ann], pbx, itsp, ['P-Asserted-Identity: "Ann" <sip:+49301077@192.0.2.1>']],
  [
    'in the field of the other trunk',
    [ann],
    pbx,
    rpid,
    ['Remote-Party-ID: "Ann" <sip:+49301077@192.0.2.1>;party=called;screen=yes;privacy=off'],
  ],
  [
    'by Remote-Party-ID',
    ['Remote-Party-ID: <sip:+49301077@10.0.0.2>;party=called;screen=no'],
    pbx,
    rpid,
    ['Remote-Party-ID: <sip:+49301077@192.0.2.1>;party=called;screen=no;privacy=off'],
  ],
  [
    'Remote-Party-ID of the caller is no news',
    ['Remote-Party-ID: <sip:+49301077@10.0.0.2>;party=calling'],
    pbx,
    itsp,
    [],
  ],
  ['nothing said', [], pbx, itsp, []],
  ['not believed', [ann], itsp, pbx, []],
  ['told to nobody', [ann], pbx, { ...itsp, ...policyOf({ header: 'none' }) }, []],
  ['private', [ann, 'Privacy: id'], pbx, itsp, []],
  [
    'private, to who may know',
    [ann, 'Privacy: id'],
    pbx,
    trusted,
    ['P-Asserted-Identity: "Ann" <sip:+49301077@192.0.2.1>', 'Privacy: id'],
  ],
  ['by Remote-Party-ID, private', ['Remote-Party-ID: <sip:+49301077@10.0.0.2>;privacy=full'], pbx, itsp, []],
])('a response: %s', (_, lines, from, to, expected) => {
  expect(connectedIdentity(responseOf(lines), from, to, home).map(([name, value]) => `${name}: ${value}`)).toEqual(
    expected,
  );
});

const known = '"Bob" <sip:+49-30-1000@10.0.0.2>;tag=1';
test.each([
  ['the same From', 'From: "Robert" <sip:+49301000@10.0.0.2>;tag=1', pbx, []],
  [
    'another From',
    'From: "Ann" <sip:+49301077@10.0.0.2>;tag=1',
    pbx,
    [['P-Asserted-Identity', '"Ann" <sip:+49301077@192.0.2.1>']],
  ],
  [
    'Remote-Party-ID of who was called',
    'Remote-Party-ID: <sip:+49301077@10.0.0.2>;party=called',
    pbx,
    [['P-Asserted-Identity', '<sip:+49301077@192.0.2.1>']],
  ],
  ['another From that is nobody', 'From: <sip:anonymous@anonymous.invalid>;tag=1', pbx, []],
  ['another From of who is not trusted', 'From: <sip:+49301077@10.0.0.2>;tag=1', itsp, []],
])('a request in the dialog: %s', (_, from, source, expected) => {
  expect(connectedIdentity(inviteOf([from]), source, itsp, home, known)).toEqual(expected);
});
