export { CryptoRandom } from './random.ts';
