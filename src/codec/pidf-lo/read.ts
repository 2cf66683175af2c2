import { scanXml } from '#codec/xml';
import { type Octets, toText } from '#kernel';
import { type CivicAddress, civicElements } from './civic.ts';
import { namespaces } from './namespaces.ts';

/** What a location object says, as far as it matters to who passes it on. */
export interface ReadLocation {
  /** Whose place it is. */
  readonly entity: string;
  /** The civic address, where there is one. */
  readonly civic?: CivicAddress;
  /** It tells a place on the globe: a point, a circle, an area. */
  readonly geodetic: boolean;
  readonly method?: string;
}

const elements: ReadonlySet<string> = new Set(civicElements);
/** Octets of one element of an address. */
const longestElement = 256;

/** Reads a PIDF-LO (RFC 4119, RFC 5491); a text says why it is none that could be passed on. The first place in it counts. */
export function readPidfLo(octets: Octets): ReadLocation | { readonly fault: string } {
  const path: string[] = [];
  const civic: Record<string, string> = {};
  let fault: string | undefined;
  let entity = '';
  let method: string | undefined;
  let places = 0;
  let geodetic = false;
  let element: string | undefined;
  let text = '';
  const failed = scanXml(octets, {
    opened(space, name, attributes) {
      if (path.length === 0) {
        if (space !== namespaces.pidf || name !== 'presence') fault ??= 'it is no presence document';
        entity = toText(attributes.get('entity') ?? '');
      }
      const parent = path.at(-1);
      path.push(`${space} ${name}`);
      const inPlace = path.includes(`${namespaces.geopriv} location-info`);
      if (parent === `${namespaces.geopriv} location-info`) {
        places++;
        const isCivic = name === 'civicAddress' && (space === namespaces.civic || space === namespaces.oldCivic);
        if (!isCivic) geodetic = true;
      }
      const isElement = inPlace && (space === namespaces.civic || space === namespaces.oldCivic) && elements.has(name);
      element = isElement ? name : space === namespaces.geopriv && name === 'method' ? 'method' : undefined;
      text = '';
    },
    text(more) {
      if (element !== undefined && text.length < longestElement) text += more;
    },
    closed() {
      path.pop();
      const value = toText(text).trim().slice(0, longestElement);
      if (element === 'method') method ??= value;
      else if (element !== undefined && value !== '') civic[element] ??= value;
      element = undefined;
    },
  });
  fault = failed ?? fault;
  if (fault === undefined && places === 0) fault = 'it names no place';
  if (fault !== undefined) return { fault };
  return {
    entity,
    ...(Object.keys(civic).length > 0 ? { civic } : {}),
    geodetic,
    ...(method === undefined || method === '' ? {} : { method }),
  };
}
