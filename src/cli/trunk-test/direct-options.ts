import { createSocket } from 'node:dgram';
import type { Socket } from 'node:net';
import { formatRequest, parseMessage, type SipResponse, StreamFramer } from '#codec/sip-message';
import { bracketed, formatHostPort, type HostPort } from '#kernel';
import { CryptoRandom } from '#shell/crypto';
import type { Located } from '#sip/locate';
import { open } from './connection.ts';
import { listenerFor, localAddress, type Test } from './context.ts';

/** Ms that an answer has. */
const patience = 5_000;
/** RFC 3261 17.1.2.2, Timer E: when a request is sent again on UDP, ms from the first. */
const again = [500, 1_500, 3_500];

const random = new CryptoRandom();

/**
 * OPTIONS from a socket of our own, for when no program runs. Undefined: no answer. Rejects with the system's error. TLS is not asked so: its
 * handshake has told already whether somebody is there.
 */
export async function askDirectly(test: Test, target: Located): Promise<SipResponse | undefined> {
  return target.transport === 'udp' ? overUdp(test, target) : overStream(await open(test, target), test, target);
}

function request({ trunk, place }: Test, { transport, remote }: Located, from: HostPort) {
  const branch = `z9hG4bK${random.token(96)}`;
  const uri = `sip:${trunk.domain ?? formatHostPort(remote)}`;
  const local = formatHostPort(from);
  const octets = formatRequest('OPTIONS', uri, [
    ['Via', `SIP/2.0/${transport.toUpperCase()} ${local};rport;branch=${branch}`],
    ['Max-Forwards', '70'],
    ['From', `<sip:${bracketed(trunk.domain ?? from.host)}>;tag=${random.token(64)}`],
    ['To', `<${uri}>`],
    ['Call-ID', random.token(128)],
    ['CSeq', '1 OPTIONS'],
    ['Contact', `<sip:${local}${transport === 'udp' ? '' : `;transport=${transport}`}>`],
    ['Accept', 'application/sdp'],
    ...(place.configuration.userAgent === undefined ? [] : [['User-Agent', place.configuration.userAgent] as const]),
  ]);
  return { branch, octets };
}

/** The final response to our request, if these octets are it. */
function answerTo(branch: string, octets: string): SipResponse | undefined {
  const message = parseMessage(octets);
  return message.kind === 'response' && message.status >= 200 && message.via.branch === branch ? message : undefined;
}

async function overUdp(test: Test, target: Located): Promise<SipResponse | undefined> {
  const { remote } = target;
  const listener = listenerFor(test.place.configuration.listeners, test.trunk.side, 'udp', remote.host);
  const socket = createSocket(remote.host.includes(':') ? 'udp6' : 'udp4');
  const timers: NodeJS.Timeout[] = [];
  try {
    return await new Promise<SipResponse | undefined>((resolve, reject) => {
      socket.on('error', reject);
      socket.bind(0, localAddress(listener), () => {
        // Connected, so that the system tells when nobody listens there, and which address is ours.
        socket.connect(remote.port, remote.host, () => {
          const { address: host, port } = socket.address();
          const { branch, octets } = request(test, target, { host, port });
          const send = () => socket.send(Buffer.from(octets, 'latin1'), () => {});
          socket.on('message', (bytes) => {
            const answer = answerTo(branch, bytes.toString('latin1'));
            if (answer) resolve(answer);
          });
          send();
          for (const wait of again) timers.push(setTimeout(send, wait));
          timers.push(setTimeout(resolve, patience, undefined));
        });
      });
    });
  } finally {
    for (const timer of timers) clearTimeout(timer);
    socket.close();
  }
}

async function overStream(socket: Socket, test: Test, target: Located): Promise<SipResponse | undefined> {
  const { branch, octets } = request(test, target, { host: socket.localAddress!, port: socket.localPort! });
  const framer = new StreamFramer();
  const { promise, resolve } = Promise.withResolvers<SipResponse | undefined>();
  socket.setEncoding('latin1');
  socket.on('data', (chunk: string) => {
    for (const item of framer.push(chunk)) {
      const answer = item.kind === 'message' ? answerTo(branch, item.octets) : undefined;
      if (answer) resolve(answer);
    }
  });
  socket.on('close', () => resolve(undefined));
  socket.write(octets, 'latin1');
  const timer = setTimeout(resolve, patience, undefined);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    socket.destroy();
  }
}
