import { describe, expect, test } from 'vitest';
import { Passwords, TooManyPasswords } from './passwords.ts';

const quick = { memory: 8, passes: 1, parallelism: 1 };

describe('passwords', () => {
  test('are kept as Argon2id hashes at the cost that RFC 9106 recommends', async () => {
    const hash = await new Passwords().hash('open sesame');
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=65536,t=3,p=4\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    expect(await new Passwords(quick).verify('open sesame', hash)).toBe(true);
    expect(new Passwords(quick).isDated(hash)).toBe(true);
    expect(new Passwords().isDated(hash)).toBe(false);
  });

  test('are right or wrong; two hashes of one differ', async () => {
    const passwords = new Passwords(quick);
    const hash = await passwords.hash('café');
    expect(await passwords.hash('café')).not.toBe(hash);
    expect(await passwords.verify('café', hash)).toBe(true);
    expect(await passwords.verify('cafe\u0301', hash)).toBe(true);
    expect(await passwords.verify('cafe', hash)).toBe(false);
    expect(await passwords.verify('café', undefined)).toBe(false);
  });

  test('of many at once two are looked at, some wait, and the rest is told', async () => {
    const passwords = new Passwords(quick);
    const all = await Promise.allSettled(Array.from({ length: 80 }, () => passwords.hash('x')));
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(66);
    expect(all.find((one) => one.status === 'rejected')?.reason).toBeInstanceOf(TooManyPasswords);
    expect(await passwords.hash('x')).toContain('argon2id');
  });

  test('of whom we know are looked at before those of strangers, however many those are', async () => {
    const passwords = new Passwords(quick);
    const hash = await passwords.hash('x');
    const order: string[] = [];
    const strangers = Array.from({ length: 80 }, () =>
      passwords.verify('y', hash).then(
        () => order.push('stranger'),
        () => order.push('refused'),
      ),
    );
    expect(await passwords.verify('x', hash, true)).toBe(true);
    expect(order.filter((one) => one === 'stranger').length).toBeLessThan(10);
    await Promise.all(strangers);
    expect(order.filter((one) => one === 'refused')).toHaveLength(14);
  });
});
