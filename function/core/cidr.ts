/** A range of IP addresses. Addresses of the other family, and text that is no address, are outside. */
export interface AddressRange {
  contains(address: string): boolean;
}

/** Bits of the two families. @see https://www.rfc-editor.org/rfc/rfc4632 */
const BITS = { 4: 32, 6: 128 } as const;

/** The longest IPv6 address in text, an IPv4 tail included. */
const MAX_ADDRESS_LENGTH = 45;

interface Address {
  readonly family: 4 | 6;
  readonly value: bigint;
}

/** Reads `192.0.2.0/24`, `2001:db8::/32`, or one address. Undefined when it is neither; bits beyond the prefix are ignored. */
export function parseRange(text: string): AddressRange | undefined {
  const [, base = '', prefix] = text.match(/^([0-9A-Fa-f.:]{2,45})(?:\/(0|[1-9]\d{0,2}))?$/) ?? [];
  const address = parseAddress(base);
  if (address === undefined) return undefined;
  const bits = BITS[address.family];
  const kept = prefix === undefined ? bits : Number(prefix);
  if (kept > bits) return undefined;
  const shift = BigInt(bits - kept);
  const network = address.value >> shift;
  return {
    contains(candidate) {
      const other = parseAddress(candidate);
      return other?.family === address.family && other.value >> shift === network;
    },
  };
}

/** True for the text of one IPv4 or IPv6 address. */
export function isAddress(text: string): boolean {
  return parseAddress(text) !== undefined;
}

function parseAddress(text: string): Address | undefined {
  if (text.length > MAX_ADDRESS_LENGTH) return undefined;
  if (!text.includes(':')) {
    const value = parseFour(text);
    return value === undefined ? undefined : { family: 4, value };
  }
  const value = parseSix(text);
  return value === undefined ? undefined : { family: 6, value };
}

function parseFour(text: string): bigint | undefined {
  const octets = text.split('.');
  if (octets.length !== 4 || !octets.every((octet) => /^(?:0|[1-9]\d{0,2})$/.test(octet) && Number(octet) < 256)) {
    return undefined;
  }
  return octets.reduce((value, octet) => (value << 8n) | BigInt(octet), 0n);
}

function parseSix(text: string): bigint | undefined {
  const halves = withoutIpv4Tail(text)?.split('::');
  if (halves === undefined || halves.length > 2) return undefined;
  const [head = [], tail = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const groups =
    halves.length === 2 ? [...head, ...Array(Math.max(0, 8 - head.length - tail.length)).fill('0'), ...tail] : head;
  const isFull = groups.length === 8 && (halves.length === 1 || head.length + tail.length < 8);
  if (!isFull || !groups.every((group) => /^[0-9A-Fa-f]{1,4}$/.test(group))) return undefined;
  return groups.reduce((value, group) => (value << 16n) | BigInt(`0x${group}`), 0n);
}

/** `::ffff:192.0.2.1` -> `::ffff:c000:201`. */
function withoutIpv4Tail(text: string): string | undefined {
  const colon = text.lastIndexOf(':');
  const tail = text.slice(colon + 1);
  if (!tail.includes('.')) return text;
  const value = parseFour(tail);
  return value === undefined
    ? undefined
    : `${text.slice(0, colon + 1)}${(value >> 16n).toString(16)}:${(value & 0xffffn).toString(16)}`;
}
