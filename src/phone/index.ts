export type { Account } from './account.ts';
export { amplitudeOf } from './audio/level.ts';
export { packetMs, ToneListener, ToneSender } from './audio/rtp.ts';
export { RtpSocket } from './audio/rtp-socket.ts';
export { ToneSource } from './audio/tone.ts';
export type { PhoneEvent, PhoneInput } from './messages.ts';
export { dice, PhoneSocket } from './phone-socket.ts';
export { answering, describe, type LocalSession, maySend, type RemoteSession, understand } from './session.ts';
