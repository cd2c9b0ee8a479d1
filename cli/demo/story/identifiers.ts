/** Mixes two integers into 32 well-spread bits: the same input always gives the same output. */
export function mix(seed: number, index: number): number {
  let bits = (Math.imul(seed | 0, 0x9e3779b1) ^ Math.imul(index | 0, 0x85ebca6b)) >>> 0;
  for (const factor of [0x7feb352d, 0x846ca68b]) {
    bits = Math.imul(bits ^ (bits >>> 16), factor) >>> 0;
  }
  return (bits ^ (bits >>> 15)) >>> 0;
}

/** `length` hexadecimal digits made from `seed`. */
export function hex(seed: number, length: number): string {
  let digits = '';
  for (let part = 0; digits.length < length; part++) digits += mix(seed, part).toString(16).padStart(8, '0');
  return digits.slice(0, length);
}

/** A version 4 UUID made from `seed`. */
export function uuid(seed: number): string {
  const digits = hex(seed, 32);
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-a${digits.slice(17, 20)}-${digits.slice(20)}`;
}

/** A number for a name, so that what belongs to the name is always the same. */
export function seedOf(name: string): number {
  let seed = 0;
  for (const letter of name) seed = mix(seed, letter.codePointAt(0) ?? 0);
  return seed;
}
