export {
  SessionTimer,
  type SessionTimerRefusal,
  type SessionTimerSettings,
  type SessionTimerState,
  usualSessionTimer,
} from './session-timer.ts';
