/** An element (XML 1.0, Namespaces in XML 1.0). Plain and not to be changed: make another with what is different. */
export interface XMLElement {
  /** Without its prefix. */
  readonly name: string;
  /** A URI; '' for none. */
  readonly namespace: string;
  /** How it is spelled; left out where the namespace is the default one. */
  readonly prefix?: string;
  /** By name: `id`, `xml:lang`; where an attribute has another namespace `{namespace}name`. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Elements and text in their order; neighbouring texts are one. */
  readonly children: readonly (XMLElement | string)[];
}

export const XML_NAMESPACE = 'http://www.w3.org/XML/1998/namespace';

/** `xmlElement('note', { namespace, children: ['out'] })` */
export const xmlElement = (
  name: string,
  parts: Partial<Omit<XMLElement, 'name'>> = {},
): XMLElement => ({ name, namespace: '', attributes: {}, children: [], ...parts });

/** The child elements of that name, in the namespace of their parent unless another is given. */
export const xmlChildren = (
  parent: XMLElement,
  name: string,
  namespace: string = parent.namespace,
): XMLElement[] =>
  parent.children.filter(
    (child): child is XMLElement =>
      typeof child !== 'string' && child.name === name && child.namespace === namespace,
  );

/** The first of them. */
export const xmlChild = (
  parent: XMLElement,
  name: string,
  namespace?: string,
): XMLElement | undefined => xmlChildren(parent, name, namespace)[0];

/** The text in it, without that of the elements in it. */
export const xmlText = (element: XMLElement): string =>
  element.children.filter((child) => typeof child === 'string').join('');
