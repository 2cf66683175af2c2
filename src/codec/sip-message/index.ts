export { parseDeltaSeconds } from './delta-seconds.ts';
export {
  formatField,
  formatFields,
  formatRequest,
  formatResponse,
  type Header,
  requestOf,
  responseOf,
} from './format.ts';
export { headerName, isListField, isSingleField } from './header-names.ts';
export { isIpv4Address, isIpv6Address } from './host.ts';
export { limits } from './limits.ts';
export { splitList } from './lists.ts';
export type { BodyPart, CSeq, Field, Method, ParseFault, SipMessage } from './message.ts';
export { SipRequest, SipResponse } from './message.ts';
export { type NameAddress, parseNameAddress } from './name-address.ts';
export { Params, quoted } from './params.ts';
export { parseMessage } from './parse.ts';
export { phrases } from './phrases.ts';
export { type FramedItem, type FramerLimits, StreamFramer } from './stream-framer.ts';
export { escapeUser, parseUri, type SipUri, unescapeUser } from './uri.ts';
export { parseVia, type Via } from './via.ts';
