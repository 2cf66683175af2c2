import { describe, expect, test } from 'vitest';
import type { Flow } from '#engine/ports';
import type { HostPort } from '#kernel';
import { carrierA, client, plain, server, shell, shown, until } from '../support/tls-shell.ts';

describe('the pool', () => {
  const flowTo = (remote: HostPort): Flow => ({ transport: 'tls', listener: 'wan/tls', remote, connection: 'out-1' });
  const limits = { keepAlive: 30, pong: 60 };

  test('a peer that has answered pings and does not any more is half-open, and closed', async () => {
    const { streams, heard } = await shell({ limits });
    const got: string[] = [];
    const at = await server(shown(await carrierA.issue({ dns: ['sip.a.example'] })), ({ socket }) => {
      socket.on('data', (chunk: Buffer) => {
        got.push(chunk.toString('latin1'));
        if (got.length < 4) socket.write('\r\n');
      });
    });
    streams.connect(flowTo(at), { trunk: 'a', names: ['sip.a.example'] });
    await until(() => streams.inspect()[0]?.answersPings === true);
    await until(() => heard.closed.length === 1);
    expect(got).toEqual(Array(4).fill('\r\n\r\n'));
    expect(heard.closed).toEqual([{ connection: 'out-1', reason: 'the peer does not answer pings any more' }]);
  });

  test('a peer that does not know pings is asked once and kept', async () => {
    const { streams, heard } = await shell({ limits });
    let got = '';
    const at = await server(shown(await carrierA.issue({ dns: ['sip.a.example'] })), ({ socket }) => {
      socket.on('data', (chunk: Buffer) => {
        got += chunk.toString('latin1');
      });
    });
    streams.connect(flowTo(at), { trunk: 'a', names: ['sip.a.example'] });
    await until(() => heard.opened.length === 1);
    await new Promise((turn) => setTimeout(turn, 250));
    expect([got, heard.closed, streams.size]).toEqual(['\r\n\r\n', [], 1]);
  });

  test('a peer that takes nothing for too long is cut off, long before memory runs full', async () => {
    const { streams, heard, at } = await shell({ limits: { write: 150 } });
    const { socket } = await client(at);
    socket.pause();
    await until(() => heard.opened.length === 1);
    const { flow } = heard.opened[0]!;
    // More than the systems on both sides take in.
    for (let i = 0; i < 15; i++) streams.send(flow, 'x'.repeat(200_000));
    await until(() => heard.closed.length === 1);
    expect(heard.closed).toEqual([{ connection: 'in-run1-1', reason: 'the peer took nothing of what was sent' }]);
  });

  test('a peer that reads slowly, but reads, is not', async () => {
    const { streams, heard, at } = await shell({ limits: { write: 300 } });
    const { socket, got } = await client(at);
    socket.pause();
    await until(() => heard.opened.length === 1);
    for (let i = 0; i < 15; i++) streams.send(heard.opened[0]!.flow, 'x'.repeat(200_000));
    for (let i = 0; i < 12; i++) {
      await new Promise((turn) => setTimeout(turn, 60));
      socket.resume();
      await new Promise((turn) => setImmediate(turn));
      socket.pause();
    }
    socket.resume();
    await until(() => got().length === 3_000_000);
    expect(heard.closed).toEqual([]);
  });

  test('there is a limit for connections of ours', async () => {
    const { streams, heard } = await shell({ limits: { outgoing: 1 } });
    const at = await plain(() => {});
    streams.connect(flowTo(at), { trunk: 'a', names: ['a.example'] });
    streams.connect({ ...flowTo(at), connection: 'out-2' }, { trunk: 'a', names: ['a.example'] });
    expect(heard.closed).toEqual([{ connection: 'out-2', reason: 'too many connections of ours' }]);
  });
});
