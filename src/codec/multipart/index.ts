export { joinMultipart, type MultipartFault, splitMultipart } from './multipart.ts';
export { withSessionBody } from './session-part.ts';
