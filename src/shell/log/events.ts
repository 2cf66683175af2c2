import type { Level } from './log.ts';

export interface LogEvent {
  readonly process: 'signalling' | 'media' | 'management' | 'all';
  readonly levels: readonly Level[];
  /** What it bears beside level, time, process and event. */
  readonly fields: readonly string[];
  /** What has happened, and what may be done about it. */
  readonly help: string;
}

function event(process: LogEvent['process'], levels: Level | readonly Level[], fields: string, help: string): LogEvent {
  return {
    process,
    levels: typeof levels === 'string' ? [levels] : levels,
    fields: fields === '' ? [] : fields.split(' '),
    help,
  };
}

/** Every event of the log: docs/logs.md comes from here, and a test holds it against the sources. */
export const logEvents: Readonly<Record<string, LogEvent>> = {
  // Trunks
  target: event('signalling', ['info', 'warn'], 'trunk target state because', 'A target of a trunk is up, or down.'),
  trunk: event('signalling', ['info', 'warn'], 'trunk state because', 'A trunk is up, partly down, or down.'),
  located: event('signalling', 'info', 'trunk', 'The DNS tells again where a trunk is.'),
  'not-located': event('signalling', 'warn', 'trunk reason', 'The DNS does not tell where a trunk is.'),
  registration: event(
    'signalling',
    ['info', 'warn'],
    'trunk stage addressOfRecord target reason until',
    'A registration has come to another stage.',
  ),
  // Calls
  silent: event(
    'signalling',
    'info',
    'call silentMs',
    'Nothing comes from either side of a call: both are asked whether they are there.',
  ),
  'silent-kept': event('signalling', ['info', 'debug'], 'call silentMs', 'Both answer, and the silent call goes on.'),
  'silent-over': event('signalling', ['info', 'debug'], 'call silentMs', 'Something comes again.'),
  'silent-side': event(
    'signalling',
    ['info', 'debug'],
    'call trunk side silentMs',
    'One side is not heard while the other speaks: one-way audio.',
  ),
  'silent-side-over': event('signalling', ['info', 'debug'], 'call trunk side silentMs', 'It is heard again.'),
  'peer-gone': event('signalling', 'info', 'call trunk reason', 'A peer does not know the dialog of a call any more.'),
  'session-refused': event(
    'signalling',
    'warn',
    'call trunk',
    'A peer did not take the session that the other side had agreed on.',
  ),
  'no-bandwidth': event('signalling', 'info', 'call from to why', 'A link had no room for a call by this way.'),
  'not-restored': event(
    'signalling',
    'warn',
    'call trunk reason',
    'A call, or a registration, that an earlier process left could not be taken up.',
  ),
  assertion: event(
    'signalling',
    'error',
    'call error stack',
    'An invariant of ours broke, and ended this call. Please report it.',
  ),
  'assertion-at-end': event('signalling', 'error', 'call error', 'So did ending it: it was let go.'),
  passed: event('signalling', 'debug', 'method from to status trace', 'A request beside calls was passed on.'),
  // Calls for help
  'emergency-without-trunk': event(
    'signalling',
    'error',
    'call',
    'A call for help found no trunk that carries such calls.',
  ),
  'emergency-call': event('signalling', 'warn', 'call number caller source site location trunk', 'A call for help.'),
  'emergency-test': event(
    'signalling',
    'warn',
    'call number caller source site location trunk',
    'Somebody tried what would become of a call for help: nobody was called.',
  ),
  'notice-sent': event('signalling', 'info', 'call to from tries', 'Somebody was told of a call for help.'),
  'notice-not-sent': event(
    'signalling',
    ['warn', 'error'],
    'call to reason again',
    'Somebody could not be told; `again`: it is tried once more.',
  ),
  // Who is kept out
  banned: event(
    'signalling',
    'warn',
    'source reason detail seconds times listener',
    'A source is kept out for a while.',
  ),
  'connection-refused': event('signalling', 'warn', 'listener from reason', 'A connection was not taken.'),
  'register-refused': event('signalling', 'warn', 'user from status why', 'A device could not register.'),
  drop: event(
    'signalling',
    'debug',
    'reason from',
    'Something that came was not acted on: [drop-reasons.md](drop-reasons.md).',
  ),
  overload: event(
    'signalling',
    'warn',
    'listeners refused',
    'What is read had waited too long: new calls are refused for a moment.',
  ),
  pass: event('signalling', 'info', 'trunk source listener', 'Test calls were let in for two minutes.'),
  // Nodes, decisions
  'node-gone': event('signalling', 'warn', 'node', 'Another node does not answer.'),
  'node-back': event('signalling', 'info', 'node', 'It answers again.'),
  'decisions-resting': event('signalling', 'warn', 'of', 'Who is asked about calls does not answer, and is let rest.'),
  'decisions-again': event('signalling', 'info', 'of', 'It answers again.'),
  // The program
  configured: event('signalling', 'info', '', 'Another configuration holds.'),
  listening: event('signalling', 'debug', 'listener adapter', 'A UDP listener is open.'),
  'no-status-socket': event(
    'signalling',
    'warn',
    'detail',
    'Nobody can ask the program how it is: the socket cannot be had.',
  ),
  'stopped-with-calls': event(
    'signalling',
    'warn',
    '',
    'The program was stopped before its calls had come to their ends.',
  ),
  'records-unwritable': event(
    'signalling',
    'error',
    'detail pending',
    'Records cannot be written: they are kept, and tried again. Look at the disk.',
  ),
  'records-migrating': event(
    'signalling',
    'info',
    'from to calls',
    'Records of an older version are being brought to this one, some 10 to 40 s a million calls; calls are taken meanwhile, and their records wait.',
  ),
  'records-migrated': event(
    'signalling',
    'info',
    'from to calls tookMs',
    'They are; those that waited are being written.',
  ),
  'records-recovered': event('signalling', 'info', 'pending', 'They can be written again.'),
  'records-lost': event(
    'signalling',
    'error',
    'reason detail record',
    'This record will not be written: the line is the only trace of the call.',
  ),
  'records-expired': event(
    'signalling',
    'info',
    'calls before',
    'So many records were deleted: their calls were over before then, and `records.keep` wants them no longer.',
  ),
  'records-unexpired': event(
    'signalling',
    'warn',
    'detail',
    'Records that are not to be kept any longer are not deleted, and it is tried again in 10 minutes: look at the disk; or at the clock, where the detail says so.',
  ),
  'live-state-unwritable': event(
    'signalling',
    'error',
    'detail',
    'What calls need to outlive the process cannot be written.',
  ),
  'live-state-recovered': event('signalling', 'warn', 'detail', 'It can be written again.'),
  'live-state-torn': event(
    'signalling',
    'warn',
    'detail',
    'The end of the journal was not written whole: what stands before it was taken up.',
  ),
  'certificate-reloaded': event(
    'all',
    'info',
    'users files detail',
    'A certificate was replaced and is shown from here on.',
  ),
  'certificate-problem': event(
    'all',
    'warn',
    'users files detail',
    'A certificate cannot be used; the one before it is, as long as it holds.',
  ),
  'certificate-warning': event(
    'all',
    'warn',
    'users files detail',
    'A certificate will make trouble: it ends soon, mostly.',
  ),
  'homer-unreachable': event('signalling', 'warn', 'why', 'Homer does not take messages: they are lost, and counted.'),
  'homer-again': event('signalling', 'info', '', 'It takes them again.'),
  'collector-unreachable': event(
    'signalling',
    'warn',
    'collector why',
    'A collector does not take our reports on voice quality: they are lost, and counted.',
  ),
  'collector-again': event('signalling', 'info', 'collector', 'It takes them again.'),
  'report-lost': event(
    'signalling',
    'warn',
    'reason detail',
    'What a peer told of the voice of a call could not be kept.',
  ),
  fault: event('all', 'fatal', 'error', 'The process ends by a fault of ours, and is started again. Please report it.'),
  'log-level': event('all', 'info', 'to from', 'Somebody changed what is written.'),
  'log-lines-lost': event('all', 'warn', 'lines', 'More was to be written at once than there is room for.'),
  'not-started': event('media', 'fatal', 'detail', 'What keeps the process from starting.'),
  'media-limited': event('media', 'warn', 'detail', 'What cannot be done on this machine.'),
  // Management
  audit: event(
    'management',
    'info',
    'id hash who what object status',
    'Somebody changed something; the hash tells whether the audit log is as it was written.',
  ),
  'audit-cut': event('management', 'info', 'rows', 'So many rows of the audit log were let go: they were old.'),
  'audit-log-changed': event('management', 'error', 'row', 'The audit log is not as it was written, from this row on.'),
  'api-fault': event(
    'management',
    'error',
    'asked error',
    'A request could not be answered by a fault of ours. Please report it.',
  ),
  'api-not-listening': event(
    'management',
    'error',
    'host port error',
    'The API cannot listen where the configuration has it; it is tried again.',
  ),
  'trace-not-kept': event(
    'management',
    'warn',
    'call why others',
    'The messages of a call could not be kept on the disk; `others`: of so many more for the same reason, since it was said last.',
  ),
  'capture-failed': event('management', 'error', 'why', 'A copy of media could not be begun, or be let go.'),
  'audit-broken': event(
    'management',
    'error',
    'what object error',
    'Something that happened by itself could not be written to the audit log.',
  ),
  'no-traces': event('management', 'error', 'error', 'The file of kept traces cannot be used.'),
  'otlp-unreachable': event(
    'management',
    'warn',
    'why',
    'The collector does not take spans: they are lost, and counted.',
  ),
  'webhook-failing': event(
    'management',
    'warn',
    'webhook why',
    'A webhook is not taken: what is to be told waits, and is tried again for a day.',
  ),
  'webhook-again': event('management', 'info', 'webhook', 'It is taken again.'),
  'webhook-ended': event(
    'management',
    'error',
    'webhook why',
    'A webhook was disabled: its receiver is gone (410), or has taken nothing for three days.',
  ),
  'webhook-dropped': event(
    'management',
    'warn',
    'webhook messages',
    'More waits for a webhook than is kept: what waited for longest was dropped.',
  ),
  'webhook-queue-unwritable': event(
    'management',
    'error',
    'error',
    'What webhooks are to be told cannot be kept. Look at the disk.',
  ),
  'webhook-queue-unusable': event(
    'management',
    'error',
    'error',
    'The file of what webhooks are to be told cannot be used: it is kept in memory, and lost with the process.',
  ),
  'otlp-again': event('management', 'info', '', 'It takes them again.'),
};
