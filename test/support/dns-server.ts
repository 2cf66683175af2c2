/**
 * A DNS server for tests: it says what its zone says, and misbehaves when told to. UDP and TCP on one port of a loopback
 * address. As a child process:
 *
 *     node --conditions=source test/support/dns-server.ts [host:port [zone file]]
 *
 * prints `ready host:port`, takes commands on its standard input, a line each, and answers each with a line: `ok`, what was
 * asked for, or `error …`. It ends when its input does.
 *
 *     set NAME TTL TYPE DATA     adds a record
 *     remove NAME [TYPE]         takes records away
 *     fault FAULT [NAME]         from now on, for one name or for all; `fault none` ends it
 *     queries                    what was asked so far, as JSON
 */
import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server as TcpServer, type Socket as TcpSocket } from 'node:net';
import { createInterface } from 'node:readline';
import { type Answer, AUTHORITATIVE_ANSWER, decode, encode, type Question, TRUNCATED_RESPONSE } from 'dns-packet';
import { formatHostPort, type HostPort } from '#kernel';

const faults = [
  /** No reply. */
  'silent',
  /** No reply over UDP to the first query for each name and type. */
  'silent-once',
  'servfail',
  'refused',
  /** Over UDP: nothing but that it did not fit. */
  'truncated',
  /** The right records under another id, and nothing else. */
  'wrong-id',
  /** Records for another question than was asked. */
  'wrong-question',
  /** Forged replies first (wrong id; wrong name; a query), then the right one. */
  'forged',
  /** The right header, then nonsense. */
  'malformed',
  /** FORMERR for whoever offers EDNS. */
  'no-edns',
  /** An alias is not followed. */
  'aliases-only',
  /** A reply without answer that names other servers. */
  'referral',
] as const;
/** `slow N`: the right reply after N ms. */
export type Fault = (typeof faults)[number] | `slow ${number}`;

export interface DnsServerOptions {
  /** A loopback address. */
  readonly host?: string;
  /** Any free one unless given. */
  readonly port?: number;
  /** Records: "NAME TTL TYPE DATA", as in a master file with every field written and no `@`. `#` begins a comment. */
  readonly zone?: readonly string[];
}

export interface SeenQuery {
  readonly type: string;
  readonly name: string;
  readonly over: 'udp' | 'tcp';
  readonly id: number;
  /** The client's port. */
  readonly port: number;
  /** The datagram size that it offered by EDNS. */
  readonly size: number | undefined;
}

interface ZoneRecord {
  readonly name: string;
  readonly type: string;
  readonly answer: Answer;
}

type Reply = (message: Buffer) => void;

const maxSeen = 10_000;

export class DnsServer {
  readonly address: HostPort;
  readonly queries: SeenQuery[] = [];
  readonly #udp: UdpSocket;
  readonly #tcp: TcpServer;
  readonly #connections = new Set<TcpSocket>();
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #faults = new Map<string, Fault>();
  readonly #silenced = new Set<string>();
  #fault: Fault | undefined;
  #zone: ZoneRecord[] = [];

  static async start({ host = '127.0.0.1', port = 0, zone = [] }: DnsServerOptions = {}): Promise<DnsServer> {
    // A port that is free for both.
    for (let tries = 0; ; tries++) {
      const udp = createSocket(host.includes(':') ? 'udp6' : 'udp4');
      const tcp = createServer();
      try {
        udp.bind(port, host);
        await once(udp, 'listening');
        tcp.listen(udp.address().port, host);
        await once(tcp, 'listening');
      } catch (error) {
        udp.close();
        if (port !== 0 || tries === 9) throw error;
        continue;
      }
      const server = new DnsServer(udp, tcp);
      server.set(...zone);
      return server;
    }
  }

  private constructor(udp: UdpSocket, tcp: TcpServer) {
    this.#udp = udp;
    this.#tcp = tcp;
    const { address, port } = udp.address();
    this.address = { host: address, port };
    udp.on('message', (data, from) => {
      this.#receive(data, 'udp', from.port, (message) => udp.send(message, from.port, from.address, () => {}));
    });
    tcp.on('connection', (socket) => this.#accept(socket));
  }

  /** Adds records. Throws when one cannot be read. */
  set(...lines: readonly string[]): void {
    for (const line of lines) {
      const text = line.replace(/#.*/, '').trim();
      if (text !== '') this.#zone.push(parseRecord(text));
    }
  }

  /** Takes away the records of a name, or those of one type. */
  remove(name: string, type?: string): void {
    this.#zone = this.#zone.filter((one) => one.name !== name || (type !== undefined && one.type !== type));
  }

  /** For one name, or for all that have none of their own. Undefined: none. */
  fault(fault: Fault | undefined, name?: string): void {
    this.#silenced.clear();
    if (name === undefined) this.#fault = fault;
    else if (fault === undefined) this.#faults.delete(name);
    else this.#faults.set(name, fault);
  }

  async close(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    for (const socket of this.#connections) socket.destroy();
    const closed = Promise.all([once(this.#udp, 'close'), once(this.#tcp, 'close')]);
    this.#udp.close();
    this.#tcp.close();
    await closed;
  }

  #accept(socket: TcpSocket): void {
    this.#connections.add(socket);
    let received: Buffer = Buffer.alloc(0);
    socket.on('close', () => this.#connections.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.on('data', (data: Buffer) => {
      received = Buffer.concat([received, data]);
      while (received.length >= 2 && received.length >= 2 + received.readUInt16BE(0)) {
        const end = 2 + received.readUInt16BE(0);
        this.#receive(received.subarray(2, end), 'tcp', socket.remotePort ?? 0, (message) => {
          const length = Buffer.alloc(2);
          length.writeUInt16BE(message.length);
          socket.write(Buffer.concat([length, message]));
        });
        received = received.subarray(end);
      }
    });
  }

  #receive(data: Buffer, over: 'udp' | 'tcp', port: number, reply: Reply): void {
    const query = decode(data);
    const [question] = query.questions ?? [];
    if (!question || query.type !== 'query') return;
    const id = query.id ?? 0;
    const size = query.additionals?.find((answer) => answer.type === 'OPT')?.udpPayloadSize;
    const name = question.name.toLowerCase();
    if (this.queries.length < maxSeen) this.queries.push({ type: question.type, name, over, id, port, size });
    const limit = over === 'udp' ? Math.max(512, size ?? 0) : 0xffff;
    this.#reply(this.#faults.get(name) ?? this.#fault, question, id, over, size !== undefined, (message) => {
      reply(message.length <= limit ? message : header(id, TRUNCATED_RESPONSE, question));
    });
  }

  #reply(fault: Fault | undefined, question: Question, id: number, over: string, edns: boolean, reply: Reply): void {
    const right = (as = id, asked = question) => this.#answer(as, asked, fault !== 'aliases-only', edns);
    if (fault?.startsWith('slow ')) {
      const timer = setTimeout(
        () => {
          this.#timers.delete(timer);
          reply(right());
        },
        Number(fault.slice(5)),
      );
      this.#timers.add(timer);
      return;
    }
    const key = `${question.type} ${question.name}`;
    switch (fault) {
      case 'silent':
        break;
      case 'silent-once':
        if (over === 'tcp' || this.#silenced.has(key)) reply(right());
        else this.#silenced.add(key);
        break;
      case 'servfail':
        reply(header(id, 2, question));
        break;
      case 'refused':
        reply(header(id, 5, question));
        break;
      case 'truncated':
        reply(over === 'udp' ? header(id, TRUNCATED_RESPONSE, question) : right());
        break;
      case 'wrong-id':
        reply(right(id ^ 1));
        break;
      case 'wrong-question':
        reply(this.#forge(id, { ...question, name: `x.${question.name}` }));
        break;
      case 'forged':
        reply(this.#forge(id ^ 0x5555, question));
        reply(this.#forge(id, { ...question, name: `x.${question.name}` }));
        reply(this.#forge(id, question, 'query'));
        reply(right());
        break;
      case 'malformed':
        reply(Buffer.concat([right().subarray(0, 12), Buffer.alloc(20, 0xff)]));
        break;
      case 'no-edns':
        reply(edns ? header(id, 1) : right());
        break;
      case 'referral':
        reply(
          encode({
            type: 'response',
            id,
            flags: 0,
            questions: [question],
            authorities: [{ type: 'NS', name: question.name, class: 'IN', ttl: 60, data: 'ns.invalid' }],
          }),
        );
        break;
      default:
        reply(right());
    }
  }

  #answer(id: number, question: Question, followsAliases: boolean, edns: boolean): Buffer {
    const answers: Answer[] = [];
    let name = question.name.toLowerCase();
    for (let aliases = 0; aliases < 20; aliases++) {
      const owned = this.#zone.filter((record) => record.name === name);
      const records = owned.filter(({ type }) => type === question.type);
      answers.push(...records.map(({ answer }) => answer));
      const alias = owned.find(({ type }) => type === 'CNAME');
      if (records.length > 0 || !alias) break;
      answers.push(alias.answer);
      if (!followsAliases) break;
      name = (alias.answer as { data: string }).data;
    }
    const isComplete = answers.some(({ type }) => type === question.type);
    // An empty name between others is one that exists (RFC 8020).
    const exists = this.#zone.some((record) => record.name === name || record.name.endsWith(`.${name}`));
    const soa = isComplete || !followsAliases ? undefined : this.#authority(name);
    return encode({
      type: 'response',
      id,
      flags: AUTHORITATIVE_ANSWER | (isComplete || exists ? 0 : 3),
      questions: [question],
      answers,
      authorities: soa ? [soa] : [],
      additionals: edns ? [optionsRecord] : [],
    });
  }

  /** The SOA record of the closest zone around. */
  #authority(name: string): Answer | undefined {
    return this.#zone
      .filter(({ type, name: zone }) => type === 'SOA' && (name === zone || name.endsWith(`.${zone}`)))
      .sort((a, b) => b.name.length - a.name.length)[0]?.answer;
  }

  /** As somebody would who wants us elsewhere. */
  #forge(id: number, question: Question, type: 'query' | 'response' = 'response'): Buffer {
    const answers: Answer[] = [{ type: 'A', name: question.name, class: 'IN', ttl: 600, data: '203.0.113.66' }];
    return encode({ type, id, flags: 0, questions: [question], answers });
  }
}

const optionsRecord: Answer = {
  type: 'OPT',
  name: '.',
  udpPayloadSize: 1232,
  extendedRcode: 0,
  ednsVersion: 0,
  flags: 0,
  flag_do: false,
  options: [],
};

function header(id: number, flags: number, question?: Question): Buffer {
  return encode({ type: 'response', id, flags, questions: question ? [question] : [] });
}

function parseRecord(line: string): ZoneRecord {
  const [owner, ttlText, type, ...data] = line.split(/\s+/);
  const name = withoutRoot(owner ?? '');
  const ttl = Number(ttlText);
  if (type === undefined || data.length === 0 || !Number.isInteger(ttl)) throw new Error(`not a record: ${line}`);
  return { name, type, answer: { name, ttl, class: 'IN', type, data: parseData(type, data, line) } as Answer };
}

function parseData(type: string, data: readonly string[], line: string): unknown {
  const numbers = data.map(Number);
  switch (type) {
    case 'A':
    case 'AAAA':
      return data[0];
    case 'CNAME':
    case 'NS':
      return withoutRoot(data[0]!);
    case 'SRV': {
      const [priority, weight, port] = numbers;
      return { priority, weight, port, target: withoutRoot(data[3] ?? '.') };
    }
    case 'NAPTR': {
      const [flags = '', services = '', regexp = ''] = data.slice(2, 5).map((text) => text.replaceAll('"', ''));
      const [order, preference] = numbers;
      return { order, preference, flags, services, regexp, replacement: withoutRoot(data[5] ?? '.') };
    }
    case 'SOA': {
      const [serial, refresh, retry, expire, minimum] = numbers.slice(2);
      return { mname: data[0], rname: data[1], serial, refresh, retry, expire, minimum };
    }
    default:
      throw new Error(`type ${type} is not known: ${line}`);
  }
}

function withoutRoot(name: string): string {
  return name === '.' ? name : name.toLowerCase().replace(/\.$/, '');
}

function isFault(text: string): text is Fault {
  return (faults as readonly string[]).includes(text) || /^slow \d+$/.test(text);
}

function command(server: DnsServer, line: string): string {
  const [verb, ...words] = line.trim().split(/\s+/);
  switch (verb) {
    case 'set':
      server.set(words.join(' '));
      return 'ok';
    case 'remove':
      server.remove(words[0]!, words[1]);
      return 'ok';
    case 'fault': {
      const text = words[0] === 'slow' ? words.splice(0, 2).join(' ') : words.shift()!;
      if (text !== 'none' && !isFault(text)) return `error: no such fault: ${text}`;
      server.fault(text === 'none' ? undefined : text, words[0]);
      return 'ok';
    }
    case 'queries':
      return JSON.stringify(server.queries);
    default:
      return `error: no such command: ${verb}`;
  }
}

async function main(at = '127.0.0.1:0', file?: string): Promise<void> {
  const colon = at.lastIndexOf(':');
  const host = at.slice(0, colon).replaceAll(/[[\]]/g, '');
  const zone = file === undefined ? [] : readFileSync(file, 'utf8').split('\n');
  const server = await DnsServer.start({ host, port: Number(at.slice(colon + 1)), zone });
  console.log(`ready ${formatHostPort(server.address)}`);
  for await (const line of createInterface({ input: process.stdin })) {
    try {
      console.log(command(server, line));
    } catch (error) {
      console.log(`error: ${(error as Error).message}`);
    }
  }
  await server.close();
}

if (import.meta.main) await main(...process.argv.slice(2));
