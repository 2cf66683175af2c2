/** What the checkpoint of a trunk's registration is kept under, before the trunk's name: no call has such an id. */
export const registrationKey = 'registration:';

/** The same of where a user's devices are, before the user's name. */
export const devicesKey = 'devices:';

/** The head of an INVITE is kept without its body: its Content-Length must not speak of one. */
export function withoutLength(head: string): string {
  return head.replace(/\r\n(content-length|l)[ \t]*:[^\r]*/gi, '');
}
