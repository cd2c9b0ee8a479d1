/** What an authorization speaks for. */
export interface Authorized {
  readonly method: string;
  readonly url: URL;
  readonly contentType: string;
  readonly body: Uint8Array;
}

/** How requests to one endpoint are authorized. */
export interface Authorization {
  /** Headers to add to a request. @throws where what they are made of cannot be had */
  headers(request: Authorized): Promise<Readonly<Record<string, string>>>;
  /** Forgets what was refused. @returns whether another attempt would not say the same */
  renew(): boolean;
}

/** For endpoints that ask for none. */
export const noAuthorization: Authorization = {
  headers: async () => ({}),
  renew: () => false,
};
