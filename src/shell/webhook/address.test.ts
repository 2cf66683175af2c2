import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isForbidden, isLoopback, urlFault } from './address.ts';

describe('where nothing is sent', () => {
  test.each([
    '169.254.169.254',
    '169.254.0.1',
    '0.0.0.0',
    '100.100.100.200',
    '168.63.129.16',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    'fe80::1',
    'fe80::1%eth0',
    'fd00:ec2::254',
    'ff02::1',
    '::ffff:169.254.169.254',
    '::ffff:a9fe:a9fe',
    '64:ff9b::169.254.169.254',
    'not an address',
  ])('%s is such a place', (address) => {
    expect(isForbidden(address)).toBe(true);
  });

  test.each([
    '192.168.1.10',
    '10.1.2.3',
    '203.0.113.9',
    '127.0.0.1',
    '::1',
    'fd12::1',
    '2001:db8::1',
    '::ffff:10.1.2.3',
  ])('%s is none', (address) => {
    expect(isForbidden(address)).toBe(false);
  });

  test('an address is judged alike however it is put into another', () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        const hex = address.split('.').map((part) => Number(part).toString(16).padStart(2, '0'));
        const low = `${hex[0]}${hex[1]}:${hex[2]}${hex[3]}`;
        for (const put of [`::ffff:${address}`, `::ffff:${low}`, `0:0:0:0:0:FFFF:${low}`, `64:ff9b::${low}`])
          expect([put, isForbidden(put), isLoopback(put)]).toEqual([put, isForbidden(address), isLoopback(address)]);
      }),
    );
  });
});

describe('a URL', () => {
  test.each([
    'https://hooks.example.com/services/T0/B0?key=1',
    'https://10.0.0.5:8443/',
    'https://[2001:db8::1]/x',
    'http://127.0.0.1:8099/tandem',
    'http://127.9.9.9/',
    'http://[::1]:80/',
    'http://localhost/',
  ])('%s may be told', (url) => {
    expect(urlFault(url)).toBe(undefined);
  });

  test.each([
    ['hooks.example.com', 'It is not a URL'],
    ['ftp://hooks.example.com/', 'https://'],
    ['javascript:alert(1)', 'https://'],
    ['http://hooks.example.com/', 'use https://'],
    ['http://127.0.0.1.example.com/', 'use https://'],
    ['http://localhost.example.com/', 'use https://'],
    ['https://user@hooks.example.com/', 'do not belong'],
    ['https://:pw@hooks.example.com/', 'do not belong'],
    ['https://hooks.example.com/#x', 'leave it out'],
    ['https://169.254.169.254/', '169.254.169.254'],
    // The same, as some write it to get by.
    ['https://0xa9fea9fe/', '169.254.169.254'],
    ['https://2852039166/', '169.254.169.254'],
    ['https://[::ffff:169.254.169.254]/', 'Nothing is sent'],
    ['https://[fe80::1]/', 'Nothing is sent'],
  ])('%s may not: %s', (url, why) => {
    expect(urlFault(url)).toContain(why);
  });
});
