export {
  isCidOf,
  isMultipart,
  joinMultipart,
  type MultipartFault,
  multipartLimits,
  splitMultipart,
} from './multipart.ts';
export { withSessionBody } from './session-part.ts';
