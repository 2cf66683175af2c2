import { leaf } from './leaves.ts';
import { nearest } from './nearest.ts';
import { fault } from './problems.ts';

/** Methods that pass, as SIP has them. Others may be named too: nobody knows all of them. */
const common = ['MESSAGE', 'SUBSCRIBE', 'NOTIFY', 'PUBLISH', 'INFO', 'OPTIONS', 'REFER'];
/** Those whose requests name a package (RFC 6665, RFC 3903, RFC 6086). */
const packagedMethods: ReadonlySet<string> = new Set(['SUBSCRIBE', 'NOTIFY', 'PUBLISH', 'INFO']);
/** What makes, changes and ends calls, and what a registrar takes. */
const ofCalls: ReadonlySet<string> = new Set(['INVITE', 'ACK', 'CANCEL', 'BYE', 'PRACK', 'UPDATE', 'REGISTER']);

const token = /^[A-Za-z0-9.!%*_+`'~-]{1,64}$/;

function read(text: string): { value: string } | ReturnType<typeof fault> {
  const slash = text.indexOf('/');
  const method = slash < 0 ? text : text.slice(0, slash);
  const of = slash < 0 ? undefined : text.slice(slash + 1);
  const shown = text.slice(0, 80);
  const upper = method.toUpperCase();
  if (ofCalls.has(upper))
    return fault(
      'TDM-1120',
      `${upper} does not pass by itself.`,
      upper === 'REGISTER' ? 'Registrations end here.' : 'It is part of calls, and those go by the routes.',
    );
  if (!token.test(method) || (of !== undefined && !token.test(of)))
    return fault('TDM-1120', `"${shown}" is no method, and no package of one.`);
  if (method !== upper) return fault('TDM-1120', `there is no method "${method.slice(0, 80)}".`, `Write ${upper}.`);
  if (of !== undefined && !packagedMethods.has(method))
    return fault('TDM-1120', `a ${method} names no package.`, `Write ${method} alone.`);
  const near = common.includes(method) ? undefined : nearest(method, common);
  if (near !== undefined) return fault('TDM-1120', `there is no method "${method}".`, `Did you mean \`${near}\`?`);
  return { value: text };
}

export const passing = () =>
  leaf(read, { title: 'method, or method/package', examples: ['MESSAGE', 'SUBSCRIBE/presence', 'INFO/infoDtmf'] });
