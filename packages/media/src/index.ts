export { measureFrequency, toneShare } from './frequency.ts';
export { type Codec, type CodecName, codecs } from './g711.ts';
export { JitterBuffer } from './jitter-buffer.ts';
export {
  bytesToPcm,
  FRAME_MS,
  FRAME_SAMPLES,
  pcmToBytes,
  SAMPLE_RATE,
} from './pcm.ts';
export { type PCMSource } from './pcm-source.ts';
export { type PlayOptions } from './player.ts';
export { Reception } from './reception.ts';
export { type MemoryRecording, type PCMSink, type Recording } from './recording.ts';
export { parseRTP, type RTPPacket, writeRTP } from './rtp-packet.ts';
export { type Heard } from './rtp-receiver.ts';
export {
  type RTPEvents,
  type RTPOptions,
  RTPSession,
  type RTPStatistics,
  rtp,
} from './rtp-session.ts';
export {
  DigitReceiver,
  DIGITS,
  type DigitTiming,
  digitFrames,
  parseTelephoneEvent,
  type TelephoneEvent,
  writeTelephoneEvent,
} from './telephone-event.ts';
export { type Note, odeToJoy, tone, type ToneOptions, tune } from './tone.ts';
export { parseWav, telephonePcm, type Wav, type WavEncoding, writeWav } from './wav.ts';
export { readWavFile } from './wav-file.ts';
