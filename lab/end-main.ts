// One end of the lab, the PBX or the provider, as a process of its own: started and commanded by lab/main.ts.
import { LabEnd } from './end.ts';
import type { FromEnd, ToEnd } from './messages.ts';

const end = new LabEnd((message: FromEnd) => process.send?.(message));
process.on('message', (message) => void end.handle(message as ToEnd));
// The lab decides when it is over: Ctrl-C reaches its whole group. When the lab itself is gone, so are we.
process.on('SIGINT', () => undefined);
process.on('disconnect', () => process.exit(0));
