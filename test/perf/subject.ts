import { createSocket } from 'node:dgram';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Endpoint } from './sipp.ts';

/** Where the one under test listens, and where its two trunks are. */
export interface SubjectAddresses {
  readonly sip: Endpoint;
  readonly pbx: Endpoint;
  readonly itsp: Endpoint;
}

/** A program under test: Tandem, or the peer that it is measured beside. */
export interface Subject {
  readonly name: string;
  /** The root of its process tree. */
  readonly pid: number;
  alive(): boolean;
  /** The end of what it said. */
  log(): string;
  stop(): Promise<void>;
}

/** Addresses on loopback that two runs on one machine do not share. */
export function freshAddresses(seed = process.pid): SubjectAddresses {
  const network = `127.0.${16 + (seed % 200)}`;
  return {
    sip: { host: `${network}.1`, port: 5060 },
    pbx: { host: `${network}.2`, port: 5080 },
    itsp: { host: `${network}.3`, port: 5090 },
  };
}

/** Asks with OPTIONS, from the PBX's address, until anything at all comes back. */
export async function answersSip(subject: Subject, addresses: SubjectAddresses, seconds = 15): Promise<void> {
  const { sip, pbx } = addresses;
  const socket = createSocket('udp4');
  let answered = false;
  socket.on('message', () => {
    answered = true;
  });
  socket.on('error', () => undefined); // refused until it listens
  await new Promise<void>((resolve) => socket.bind(pbx.port, pbx.host, resolve));
  const deadline = performance.now() + seconds * 1_000;
  try {
    for (let at = 1; !answered; at++) {
      if (!subject.alive()) throw new Error(`${subject.name} ended at its start:\n${subject.log()}`);
      if (performance.now() > deadline) throw new Error(`${subject.name} did not answer OPTIONS:\n${subject.log()}`);
      const branch = `z9hG4bKready${process.pid}x${at}`;
      const request = [
        `OPTIONS sip:${sip.host}:${sip.port} SIP/2.0`,
        `Via: SIP/2.0/UDP ${pbx.host}:${pbx.port};branch=${branch}`,
        `From: <sip:ready@${pbx.host}>;tag=${at}`,
        `To: <sip:${sip.host}>`,
        `Call-ID: ${branch}`,
        'CSeq: 1 OPTIONS',
        'Max-Forwards: 70',
        'Content-Length: 0',
      ];
      socket.send(`${request.join('\r\n')}\r\n\r\n`, sip.port, sip.host);
      await sleep(100);
    }
  } finally {
    await new Promise<void>((resolve) => socket.close(() => resolve()));
  }
}
