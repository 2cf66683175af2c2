/** An owner's decision service, as a process of its own: HTTPS, and what it says of each number from a file. Questions go to stdout. */
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ServiceAnswer } from './decision-service.ts';

const [host = '', port = '', certificate = '', key = '', answersFile = '', secret = ''] = process.argv.slice(2);
const answers = JSON.parse(readFileSync(answersFile, 'utf8')) as Record<string, ServiceAnswer>;

const server = createServer({ cert: readFileSync(certificate), key: readFileSync(key) }, async (request, response) => {
  const body = await text(request);
  const wanted = createHmac('sha256', secret).update(`${request.headers['x-tandem-timestamp']}.${body}`).digest('hex');
  const question = JSON.parse(body) as { readonly number: string };
  console.log(JSON.stringify({ signed: request.headers['x-tandem-signature'] === wanted, ...question }));
  const { status = 200, after = 0, says = {} } = answers[question.number] ?? { status: 204 };
  await sleep(after);
  response.writeHead(status).end(status === 204 ? undefined : typeof says === 'string' ? says : JSON.stringify(says));
});
server.listen(Number(port), host, () => console.log('READY'));
process.once('SIGTERM', () => process.exit());
