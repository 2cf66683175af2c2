export type { Algorithm } from './algorithms.ts';
export {
  type Authorised,
  type Challenges,
  DigestClient,
  type DigestCredentials,
  type DigestRequest,
  type RefusalReason,
  type Refused,
  type Tried,
} from './client.ts';
export {
  type Account,
  type AccountLookup,
  DigestServer,
  type DigestServerOptions,
  type Verdict,
  type VerifiedRequest,
} from './server.ts';
