/**
 * Compiles a pattern in which `*` stands for any run of characters, also none; everything else stands for itself.
 * The whole text must match, case-sensitively. Never backtracks: at most pattern length times text length steps.
 */
export function compileGlob(pattern: string): (text: string) => boolean {
  const [head = '', ...rest] = pattern.split('*');
  const tail = rest.pop();
  if (tail === undefined) return (text) => text === pattern;
  const inner = rest.filter((part) => part !== '');
  if (inner.length > 0) return (text) => matchesParts(text, head, inner, tail);
  if (tail === '') return head === '' ? () => true : (text) => text.startsWith(head);
  if (head === '') return (text) => text.endsWith(tail);
  const shortest = head.length + tail.length;
  return (text) => text.length >= shortest && text.startsWith(head) && text.endsWith(tail);
}

/** The earliest place for each inner part leaves the most room for those after it, so no other need be tried. */
function matchesParts(text: string, head: string, inner: readonly string[], tail: string): boolean {
  if (!text.startsWith(head) || !text.endsWith(tail)) return false;
  let from = head.length;
  for (let index = 0; index < inner.length; index++) {
    const part = inner[index]!;
    const found = text.indexOf(part, from);
    if (found === -1) return false;
    from = found + part.length;
  }
  return from <= text.length - tail.length;
}
