import { styleText } from 'node:util';

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

/** Says on standard error, while people watch it, that something takes its time, and how long it has taken. */
export async function progress<T>(what: string, waiting: Promise<T>): Promise<T> {
  const { stderr } = process;
  if (!stderr.isTTY) return waiting;
  const began = performance.now();
  const timer = setInterval(() => {
    const ms = performance.now() - began;
    const frame = styleText('cyan', frames[Math.floor(ms / 100) % frames.length]!, { stream: stderr });
    stderr.write(`\r${frame} ${what} ${Math.floor(ms / 1000)} s\x1b[K`);
  }, 100);
  try {
    return await waiting;
  } finally {
    clearInterval(timer);
    stderr.write('\r\x1b[K');
  }
}
