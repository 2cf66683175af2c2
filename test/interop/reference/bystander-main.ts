/**
 * What a machine has running beside what we look at: TCP 22 and 8080, and UDP 161 and 9999, on every address. Octets that begin with
 * "everybody" are told as they come; all others are answered.
 */
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

for (const port of [22, 8080]) createServer((socket) => socket.destroy()).listen(port, '0.0.0.0');
for (const port of [161, 9999]) {
  const socket = createSocket('udp4', (packet, { address, port: asked }) => {
    if (packet.toString().startsWith('everybody')) process.stdout.write(`heard ${address}\n`);
    else socket.send('here', asked, address, () => undefined);
  });
  socket.on('error', () => undefined);
  socket.bind(port, '0.0.0.0', () => process.stdout.write('ready\n'));
}
