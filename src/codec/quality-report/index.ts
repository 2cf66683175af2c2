export { readQualityReport } from './read.ts';
export {
  type MediaEnd,
  type QualityAlert,
  type QualityMetrics,
  type QualityReport,
  qualityReportEvent,
  qualityReportType,
} from './report.ts';
export { writeQualityReport } from './write.ts';
