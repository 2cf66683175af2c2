export { type StatusAnswer, StatusFailure, StatusLink } from './status-link.ts';
