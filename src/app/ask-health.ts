import { request } from 'node:http';
import type { Services } from '#api';

/** Ms, and characters of an answer. */
const patience = 1_000;
const longest = 65_536;

/** Asks the supervisor how the program is (health-server.ts). Never rejects: where it does not answer, that is how it is. */
export function healthAsker(socketPath: string): Services['health'] {
  return (what) =>
    new Promise((resolve) => {
      const fail = ({ message: detail }: Error) =>
        resolve({
          status: what === 'readyz' ? 'not-ready' : 'not-alive',
          checks: [{ name: 'supervisor', ok: false, detail }],
        });
      const asked = request({ socketPath, path: `/${what}`, timeout: patience }, (answer) => {
        let text = '';
        answer.setEncoding('utf8');
        answer.on('error', fail);
        answer.on('data', (chunk: string) => {
          text += chunk;
          if (text.length > longest) asked.destroy(new Error('its answer has no end'));
        });
        answer.on('end', () => {
          try {
            resolve(JSON.parse(text));
          } catch (error) {
            fail(error as Error);
          }
        });
      });
      asked.on('timeout', () => asked.destroy(new Error(`no answer in ${patience} ms`)));
      asked.on('error', fail);
      asked.end();
    });
}
