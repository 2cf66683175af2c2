import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, isAbsolute, join } from 'node:path';
import { profileOf } from '#shell/config';
import { Failure } from '../failure.ts';
import type { Answers } from './answers.ts';
import { configurationText } from './configuration-text.ts';
import { ownCertificate } from './own-certificate.ts';

/** The files that come of the answers: the configuration, and beside it what is not for everybody's eyes. */
export class Draft {
  readonly #file: string;
  readonly #passwordFile: string | undefined;
  readonly #consolePort: number;
  #last: string | undefined;

  /** `passwordFile`: one that is there already. */
  constructor(file: string, passwordFile: string | undefined, consolePort: number) {
    this.#file = file;
    this.#passwordFile = passwordFile;
    this.#consolePort = consolePort;
  }

  /** What was done, a line each. Who has edited the file meanwhile keeps what he wrote. Throws a Failure. */
  write(answers: Answers): readonly string[] {
    const file = this.#file;
    const told: string[] = [];
    try {
      mkdirSync(dirname(file), { recursive: true });
      const secret = this.#passwordFile ?? this.#beside(`${answers.name}.password`);
      if (answers.password !== undefined) keep(secret, `${answers.password}\n`);
      const text = configurationText(
        this.#certified(answers, told),
        secret,
        profileOf(answers.profile),
        this.#consolePort,
      );
      if (this.#last !== undefined && readFileSync(file, 'utf8') !== this.#last)
        return [...told, `${file} was edited: it is taken as it is`];
      if (text !== this.#last) told.push(`Written: ${file}, ${text.split('\n').length - 1} lines`);
      writeFileSync(file, text);
      this.#last = text;
      return told;
    } catch (error) {
      throw new Failure(`${file} cannot be written: ${(error as Error).message}`);
    }
  }

  /** With a certificate of our own where TLS wants one and none was given. */
  #certified(answers: Answers, told: string[]): Answers {
    if (answers.transport !== 'tls' || answers.certificate !== undefined) return answers;
    const [certificate, key] = [this.#beside('certificate.pem'), this.#beside('key.pem')];
    if (!existsSync(certificate) || !existsSync(key)) {
      const own = ownCertificate(answers.advertise ?? answers.bind);
      writeFileSync(certificate, own.certificate);
      keep(key, own.key);
      told.push(
        `Made: ${certificate}, signed by itself. It is enough where the account says who we are; else put one there that the provider believes`,
      );
    }
    return { ...answers, certificate, key };
  }

  /** Paths in a configuration are relative to where the program starts, as this command is. */
  #beside(name: string): string {
    const folder = dirname(this.#file);
    return (isAbsolute(folder) ? '' : './') + join(folder, name);
  }
}

function keep(path: string, text: string): void {
  writeFileSync(path, text, { mode: 0o600 });
  chmodSync(path, 0o600);
}

/** A port of this machine alone for the console: 8080, or the next that nobody has. */
export async function freeConsolePort(): Promise<number> {
  for (let port = 8080; port < 8100; port++) if (await isFree(port)) return port;
  return 8080;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((done) => {
    const server = createServer();
    server.once('error', () => done(false));
    server.listen(port, '127.0.0.1', () => server.close(() => done(true)));
  });
}
