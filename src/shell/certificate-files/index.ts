export { FileRefusal, presentText, textOf, type Written, whyNotWritten } from './files.ts';
export { CertificateShelf, type KeptRequest, type Previous } from './shelf.ts';
