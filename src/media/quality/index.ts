export { PeerReports } from './peer-reports.ts';
export { Reception } from './reception.ts';
