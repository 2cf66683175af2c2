export { FollowLink } from './follow-link.ts';
export { type StatusAnswer, StatusFailure, StatusLink } from './status-link.ts';
