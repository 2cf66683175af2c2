// `npm run provider -- [PORT]`: a provider to rehearse with, on this machine. It answers every call and sends back what it hears; numbers that end in 404 it
// does not know, 486 is busy, 0000 is silent.
import { formatHostPort } from '#kernel';
import { FarEnd } from '../test/support/far-end.ts';

const [asked = '5070'] = process.argv.slice(2);
const provider = await FarEnd.start({ host: '127.0.0.1', port: Number(asked) });
console.log(
  `a provider at udp ${formatHostPort(provider.address)}: it answers every call and sends back what it hears; Ctrl-C ends it`,
);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => provider.close());
