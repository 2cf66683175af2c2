import type { FastifyRequest } from 'fastify';
import type { Principal } from './principal.ts';

/** Who a request is from; undefined: nobody that is known. */
export type Identify = (request: FastifyRequest) => Promise<Principal | undefined>;

/** Only our user may open the Unix socket: who asks there could read our files as well. */
export const localUser: Identify = async () => ({ name: 'local', role: 'administrator', via: 'socket' });
