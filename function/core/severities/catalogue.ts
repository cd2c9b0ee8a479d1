/** The calls of one eventSource by IAM access level, names with a space between; a level without names is absent. */
export interface CatalogueNames {
  /** Calls that change who may do what. */
  readonly permissions?: string;
  readonly read?: string;
  /** Every other call, and calls of unknown level. */
  readonly write?: string;
}

/** `severities/catalogue.json`: the calls AWS has, as far as is known. Its own `_source` says from where. */
export interface Catalogue {
  readonly sources: Readonly<Record<string, CatalogueNames>>;
}

/** Every name of one eventSource, each once, sorted. */
export function namesOf({ permissions, read, write }: CatalogueNames): readonly string[] {
  return [...new Set([permissions, read, write].flatMap((names) => names?.split(' ') ?? []))].sort();
}
