import { z } from 'zod';
import { count, directory, duration, endpoint, headerText } from './leaves.ts';
import { network, quoted } from './leaves-sip.ts';
import { oneOrMany } from './schema-forms.ts';

export const protectionSchema = z
  .strictObject({
    'requests-per-second': count(1, 100_000)
      .prefault('20')
      .describe('What a source that is no trunk may send before it is banned.'),
    ban: duration({ from: '1s', to: '24h' })
      .prefault('5m')
      .describe('How long a first ban lasts; each further one twice as long, up to a day.'),
    signatures: oneOrMany(quoted(true))
      .optional()
      .describe('Words in User-Agent, From, To or Request-URI that scanners are known by, beside those we know.'),
    never: oneOrMany(network()).optional().describe('Sources that are never banned, beside the trunks.'),
  })
  .meta({ id: 'protection', description: 'How unwanted traffic is met.' });

export const dnsSchema = z
  .strictObject({
    servers: oneOrMany(endpoint())
      .optional()
      .describe("The servers to ask, in order, at port 53 unless one is given; the system's unless given."),
    timeout: duration({ from: '100ms', to: '30s' })
      .prefault('3s')
      .describe('How long one question may take, all servers together.'),
  })
  .meta({ id: 'dns', description: 'Where names are looked up.' });

export const recordsDirectory = directory;

export const recordsSchema = z
  .strictObject({
    path: directory()
      .prefault('./data')
      .describe(
        'The directory of call records and of the state that outlives a restart. Created if missing; relative to the directory tandem is started in. Where the environment has `TANDEM_DATA`, that is the default.',
      ),
    keep: duration({ from: '24h', to: '87600h', never: true })
      .prefault('never')
      .describe(
        'How long the record of a call is kept after its end; what is older is deleted, with what was measured and reported of it. `never` lets none go.',
      ),
  })
  .meta({ id: 'records', description: 'Where call records are kept, and for how long.' });

export const sipSchema = z
  .strictObject({
    t1: duration({ from: '50ms', to: '5s' })
      .prefault('500ms')
      .describe('The round-trip time estimate (RFC 3261 17.1.1.1).'),
    t2: duration({ from: '50ms', to: '60s' }).prefault('4s').describe('The longest pause between retransmissions.'),
    t4: duration({ from: '50ms', to: '60s' })
      .prefault('5s')
      .describe('The longest time a message stays in the network.'),
    'user-agent': headerText().optional().describe('Sent as User-Agent and Server; nothing is sent unless given.'),
  })
  .meta({ id: 'sip', description: 'Timers and texts of the SIP stack.' });
