import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addressOf, anchored, codecOf, directionOf, formatSdp, hasRtcpMux, parseSdp, rtcpOf } from '#codec/sdp';
import { runs } from './runs.ts';

const octet = fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code));
const octets = fc.string({ unit: octet, maxLength: 300 });
const value = fc.string({ unit: octet.filter((char) => !'\r\n\0'.includes(char)), maxLength: 30 });
const token = fc.string({ unit: fc.constantFrom(...'abcXYZ019-_+.%!'), minLength: 1, maxLength: 8 });
const name = fc.string({ unit: fc.constantFrom(...'abcXYZ-'), minLength: 1, maxLength: 8 });
const port = fc.integer({ min: 0, max: 65535 });
const number = fc.bigInt({ min: 0n, max: 2n ** 70n }).map(String);

/** Where the hidden side lives: its addresses are nowhere else than where it writes them. */
const hiddenAddress = fc.oneof(
  fc.tuple(fc.nat(255), fc.nat(255)).map(([a, b]) => `10.77.${a}.${b}`),
  fc.tuple(fc.nat(65535), fc.nat(65535)).map(([a, b]) => `2001:db8:77::${a.toString(16)}:${b.toString(16)}`),
  fc.constantFrom('bob.hidden.example', 'hidden-pbx'),
);
const network = (address: string) => `IN ${address.includes(':') ? 'IP6' : 'IP4'} ${address}`;

/** A well-formed description in which `address` stands in places where phones put it, and in some where they do not. */
const described = (address: fc.Arbitrary<string>) => {
  const attribute = fc.oneof(
    value.map((text) => `a=${text}`),
    fc.constantFrom(
      'a=sendrecv',
      'a=inactive',
      'a=rtcp-mux',
      'a=ptime:20',
      'a=rtpmap:8 PCMA/8000',
      'a=rtcp:5001',
      'x=y',
    ),
    address.map((at) => `a=rtcp:5003 ${network(at)}`),
    address.map((at) => `a=candidate:1 1 UDP 1 ${at} 5000 typ host`),
    address.map((at) => `a=ssrc:1 cname:x@${at}`),
    fc.tuple(value, address, value).map(([before, at, after]) => `a=${before}${at}${after}`),
    fc.tuple(fc.constantFrom('b', 'z', 'r', 'i', 'y'), address).map(([type, at]) => `${type}=${at}`),
  );
  const stream = fc
    .tuple(
      name,
      port,
      fc.option(fc.integer({ min: 1, max: 9 })),
      fc.constantFrom('RTP/AVP', 'RTP/SAVP', 'udptl', 'TCP/MSRP'),
      fc.array(fc.oneof(token, address), { minLength: 1, maxLength: 4 }),
      fc.option(address),
      fc.array(attribute, { maxLength: 8 }),
    )
    .map(([media, at, count, protocol, formats, own, rest]) => [
      `m=${media} ${at}${count === null ? '' : `/${count}`} ${protocol} ${formats.join(' ')}`,
      ...(own === null ? [] : [`c=${network(own)}`]),
      ...rest,
    ]);
  return fc
    .tuple(
      token,
      number,
      number,
      address,
      value,
      fc.option(address),
      fc.array(attribute, { maxLength: 4 }),
      fc.array(stream, { maxLength: 4 }),
    )
    .map(([user, id, version, home, subject, connection, rest, streams]) =>
      [
        'v=0',
        `o=${user} ${id} ${version} ${network(home)}`,
        `s=${subject}`,
        `i=called from ${home}`,
        ...(connection === null ? [] : [`c=${network(connection)}`]),
        't=0 0',
        ...rest,
        ...streams.flat(),
      ]
        .map((line) => `${line}\r\n`)
        .join(''),
    );
};

describe('SDP', () => {
  test('takes any octets, and any lines', () =>
    fc.assert(
      fc.property(
        fc.oneof(
          octets,
          fc
            .array(fc.tuple(fc.constantFrom(...'vosctmab'), fc.oneof(value, octets)))
            .map((all) => all.map(([type, text]) => `${type}=${text}\r\n`).join('')),
          fc
            .tuple(described(hiddenAddress), fc.nat(), octets)
            .map(([text, at, put]) => text.slice(0, at % text.length) + put + text.slice(at % text.length)),
        ),
        (text) => {
          const sdp = parseSdp(text);
          if ('kind' in sdp) return;
          for (const media of sdp.media) {
            directionOf(sdp, media);
            addressOf(sdp, media);
            rtcpOf(sdp, media);
            hasRtcpMux(media);
            codecOf(media);
          }
          // What was read with tolerance is written by the book, and then stays as it is.
          const formal = formatSdp(sdp);
          const again = parseSdp(formal);
          if ('kind' in again) throw new Error(`${again.reason}, line ${again.line}`);
          expect(formatSdp(again)).toBe(formal);
        },
      ),
      runs(2000),
    ));

  test('comes back octet by octet', () =>
    fc.assert(
      fc.property(described(hiddenAddress), (text) => {
        const sdp = parseSdp(text);
        if ('kind' in sdp) throw new Error(`${sdp.reason}, line ${sdp.line}`);
        expect(formatSdp(sdp)).toBe(text);
      }),
      runs(500),
    ));

  test('anchored says nothing of where it came from, and is well-formed', () =>
    fc.assert(
      fc.property(
        hiddenAddress.chain((address) => fc.tuple(fc.constant(address), described(fc.constant(address)))),
        fc.array(fc.option(port, { nil: undefined }), { minLength: 4, maxLength: 4 }),
        fc.constantFrom('203.0.113.9', '2001:db8:1::9'),
        ([address, text], ports, host) => {
          const sdp = parseSdp(text);
          if ('kind' in sdp) throw new Error(`${sdp.reason}, line ${sdp.line}`);
          const media = ports.map((at) =>
            at === undefined || at < 2 ? undefined : { host, port: at, rtcpPort: at ^ 1 },
          );
          const out = anchored(sdp, { origin: { username: '-', sessionId: '1', version: '1', host }, media });
          const octets = formatSdp(out);
          expect(octets).not.toContain(address);
          expect(parseSdp(octets)).toEqual(out);
          out.media.forEach((stream, index) => {
            const live = sdp.media[index]!.port !== 0 && media[index] !== undefined && stream.formats.length > 0;
            expect(stream.port).toBe(live ? media[index]!.port : 0);
            if (live) expect(addressOf(out, stream)).toBe(host);
          });
        },
      ),
      runs(1000),
    ));
});
