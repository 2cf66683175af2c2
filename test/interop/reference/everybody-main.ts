/** `everybody-main.ts FROM ADDRESS...`: octets to port 9999 of each, whoever that is. */
import { createSocket } from 'node:dgram';

const [from = '', ...addresses] = process.argv.slice(2);
const socket = createSocket('udp4');
socket.on('error', () => undefined);
socket.bind(0, from, () => {
  socket.setBroadcast(true);
  socket.setMulticastTTL(8);
  for (const address of addresses) socket.send('everybody', 9999, address, () => undefined);
  setTimeout(() => socket.close(), 200);
});
