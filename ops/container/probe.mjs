// `node probe.mjs healthz|readyz`: asks the supervisor on its Unix socket, so that nothing has to be open for it. Exit status 0 when all is well.
import { request } from 'node:http';
import { join } from 'node:path';

const [what = 'readyz'] = process.argv.slice(2);
const socketPath = join(process.env.TANDEM_DATA ?? 'data', 'health.sock');
const asked = request({ socketPath, path: `/${what}`, timeout: 2_000 }, (answer) => {
  answer.pipe(process.stdout);
  process.exitCode = answer.statusCode === 200 ? 0 : 1;
});
asked.on('timeout', () => asked.destroy(new Error('no answer in 2 s')));
asked.on('error', (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
asked.end();
