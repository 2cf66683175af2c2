export { CourseLog, type Measured } from './course-log.ts';
export { PeerReports } from './peer-reports.ts';
export { Reception } from './reception.ts';
