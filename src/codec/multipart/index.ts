export {
  type BodyPart,
  isCidOf,
  isMultipart,
  joinMultipart,
  type MultipartFault,
  multipartLimits,
  splitMultipart,
} from './multipart.ts';
