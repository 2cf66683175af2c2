import { createCipheriv, createDecipheriv } from 'node:crypto';
import { type AesBlocks, type GcmOpener, type GcmSealer, type SrtpCiphers, srtpWorkSize } from '#codec/srtp';

const tagLength = 16;

/** SRTP's ciphers by Node's own cryptography: everywhere, at some microseconds and objects a packet. */
export class NodeCiphers implements SrtpCiphers {
  readonly name = 'node';
  readonly work = new Uint8Array(srtpWorkSize);
  readonly view = new DataView(this.work.buffer);

  /** One cipher for all packets: making one for each costs three times the encryption. */
  aes(key: Uint8Array): AesBlocks {
    const { work } = this;
    const cipher = createCipheriv(`aes-${key.length * 8}-ecb`, key, null).setAutoPadding(false);
    return {
      encrypt: (length) => work.set(cipher.update(work.subarray(0, length))),
      end: () => {},
    };
  }

  gcmSealer(key: Uint8Array): GcmSealer {
    const { work } = this;
    const algorithm = gcm(key);
    const own = key.slice();
    return {
      seal(iv, aad, aadLength, text, textLength) {
        const cipher = createCipheriv(algorithm, own, work.subarray(iv, iv + 12), { authTagLength: tagLength });
        cipher.setAAD(work.subarray(aad, aad + aadLength));
        work.set(cipher.update(work.subarray(text, text + textLength)), text);
        cipher.final();
        work.set(cipher.getAuthTag(), text + textLength);
      },
      end: () => void own.fill(0),
    };
  }

  gcmOpener(key: Uint8Array): GcmOpener {
    const { work } = this;
    const algorithm = gcm(key);
    const own = key.slice();
    return {
      open(iv, aad, aadLength, text, textLength) {
        const decipher = createDecipheriv(algorithm, own, work.subarray(iv, iv + 12), { authTagLength: tagLength });
        decipher.setAAD(work.subarray(aad, aad + aadLength));
        decipher.setAuthTag(work.subarray(text + textLength, text + textLength + tagLength));
        work.set(decipher.update(work.subarray(text, text + textLength)), text);
        try {
          decipher.final();
          return true;
        } catch {
          return false; // final() throws for one reason only: the tag is not that of the text
        }
      },
      end: () => void own.fill(0),
    };
  }
}

function gcm(key: Uint8Array): 'aes-128-gcm' | 'aes-256-gcm' {
  return key.length === 32 ? 'aes-256-gcm' : 'aes-128-gcm';
}
