export {
  bearsName,
  type CertificateIdentity,
  type CertificateNames,
  certificateIdentity,
  type GeneralName,
} from './certificate-names.ts';
export { describeFlow, type Flow, type FlowTransport, type PeerCertificate, type TlsTarget } from './flow.ts';
export { FlowTable, type Path, type Socket } from './flow-table.ts';
export { formatVia, magicCookie, responseAddress, responseFlow, stampedVia } from './via.ts';
