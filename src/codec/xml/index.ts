export { escapeXml } from './escape.ts';
export { scanXml, type XmlEvents } from './scan.ts';
