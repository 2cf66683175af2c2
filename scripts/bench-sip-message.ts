/** Prints how many messages a second one core reads. Ratios between two runs on one machine count, not the figures. */
import { anchored, formatSdp, parseSdp } from '#codec/sdp';
import { formatResponse, parseMessage } from '#codec/sip-message';

const sdp = [
  'v=0',
  'o=- 3905718238 3905718238 IN IP4 192.0.2.44',
  's=trunk',
  'c=IN IP4 192.0.2.44',
  't=0 0',
  'm=audio 31004 RTP/AVP 8 0 101',
  'a=rtpmap:8 PCMA/8000',
  'a=rtpmap:0 PCMU/8000',
  'a=rtpmap:101 telephone-event/8000',
  'a=fmtp:101 0-15',
  'a=ptime:20',
  'a=sendrecv',
  '',
].join('\r\n');

const invite = [
  'INVITE sip:+4930901820@203.0.113.9:5060;user=phone SIP/2.0',
  'Via: SIP/2.0/UDP 192.0.2.44:5060;rport;branch=z9hG4bKPj8f1b0c52a1',
  'Max-Forwards: 70',
  'From: "Front Desk" <sip:+493012345@192.0.2.44>;tag=6bf24c81d0',
  'To: <sip:+4930901820@203.0.113.9>',
  'Contact: <sip:+493012345@192.0.2.44:5060;ob>',
  'Call-ID: 9f3c1a7e-52d4-4b1e-8a80-1f0c2b6d77aa',
  'CSeq: 21087 INVITE',
  'Allow: INVITE, ACK, BYE, CANCEL, OPTIONS, UPDATE, PRACK, INFO, REFER',
  'Supported: replaces, 100rel, timer',
  'Session-Expires: 1800',
  'Min-SE: 90',
  'User-Agent: Exchange/7.2',
  'P-Asserted-Identity: "Front Desk" <sip:+493012345@example.org>',
  'Content-Type: application/sdp',
  `Content-Length: ${sdp.length}`,
  '',
  sdp,
].join('\r\n');

// The loops take turns on several texts, so that nothing can be carried over from one round to the next.
const variants = (text: string) =>
  Array.from({ length: 16 }, (_, i) => Buffer.from(text.replace('52', `${40 + i}`), 'latin1'));

function measure(name: string, seconds: number, work: (i: number) => number): void {
  let sink = 0;
  for (let i = 0; i < 30_000; i++) sink += work(i);
  const start = process.cpuUsage();
  const until = performance.now() + seconds * 1000;
  let count = 0;
  while (performance.now() < until) for (let i = 0; i < 500; i++, count++) sink += work(count);
  const { user, system } = process.cpuUsage(start);
  const micros = (user + system) / count;
  console.log(`${name.padEnd(44)} ${micros.toFixed(2).padStart(7)} µs  ${Math.round(1e6 / micros)}/s  (${sink & 1})`);
}

const invites = variants(invite).map((buffer) => buffer.toString('latin1'));
const buffers = variants(invite);
const sdps = variants(sdp).map((buffer) => buffer.toString('latin1'));

const touch = (text: string): number => {
  const message = parseMessage(text);
  if (message.kind === 'fault') throw new Error(message.reason);
  return (
    message.callId.length +
    message.cseq.number +
    message.from.uri.length +
    message.to.uri.length +
    message.via.host.length
  );
};
measure('INVITE: parse, Call-ID, CSeq, From, To, Via', 2, (i) => touch(invites[i & 15]!));
measure('the same from a Buffer (latin1)', 2, (i) => touch(buffers[i & 15]!.toString('latin1')));
measure('a response formed', 1, (i) =>
  formatResponse(200, 'OK', [
    ['Via', 'SIP/2.0/UDP 192.0.2.44:5060;rport=5060;received=192.0.2.44;branch=z9hG4bKPj8f1b0c52a1'],
    ['From', '"Front Desk" <sip:+493012345@192.0.2.44>;tag=6bf24c81d0'],
    ['To', `<sip:+4930901820@203.0.113.9>;tag=${i}`],
    ['Call-ID', '9f3c1a7e-52d4-4b1e-8a80-1f0c2b6d77aa'],
    ['CSeq', '21087 INVITE'],
  ]).charCodeAt(i & 63),
);
const described = sdps.map((text) => {
  const parsed = parseSdp(text);
  if ('kind' in parsed) throw new Error(parsed.reason);
  return parsed;
});
const anchoring = {
  origin: { username: '-', sessionId: '1', version: '1', host: '203.0.113.9' },
  media: [{ host: '203.0.113.9', port: 20000, rtcpPort: 20001 }],
};
measure('SDP: parse', 1, (i) => {
  const parsed = parseSdp(sdps[i & 15]!);
  return 'kind' in parsed ? 0 : parsed.media.length;
});
measure('SDP: anchored', 1, (i) => anchored(described[i & 15]!, anchoring).media.length);
measure('SDP: parse, anchored, format', 1, (i) => {
  const parsed = parseSdp(sdps[i & 15]!);
  return 'kind' in parsed ? 0 : formatSdp(anchored(parsed, anchoring)).charCodeAt(20);
});
