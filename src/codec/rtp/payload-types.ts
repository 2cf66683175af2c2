/** Clock rates in Hz of the static payload types (RFC 3551 6, tables 4 and 5), by payload type. */
export const payloadClockRates: Readonly<Record<number, number>> = {
  0: 8000, // PCMU
  3: 8000, // GSM
  4: 8000, // G723
  5: 8000, // DVI4
  6: 16000, // DVI4
  7: 8000, // LPC
  8: 8000, // PCMA
  9: 8000, // G722: 16 kHz audio, but its RTP clock is 8000 (RFC 3551 4.5.2)
  10: 44100, // L16, 2 channels
  11: 44100, // L16, 1 channel
  12: 8000, // QCELP
  13: 8000, // CN
  14: 90000, // MPA
  15: 8000, // G728
  16: 11025, // DVI4
  17: 22050, // DVI4
  18: 8000, // G729
  25: 90000, // CelB
  26: 90000, // JPEG
  28: 90000, // nv
  31: 90000, // H261
  32: 90000, // MPV
  33: 90000, // MP2T
  34: 90000, // H263
};
