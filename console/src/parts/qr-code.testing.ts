/** Reads it as a camera would: from the pixels. */
export { default as readQrCode } from 'qr/decode.js';
