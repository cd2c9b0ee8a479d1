import type * as z from 'zod/mini';

/** Reads JSON text that was kept elsewhere. Total: undefined for what is not there, is not JSON, or is anything else. */
export function readKept<T>(schema: z.ZodMiniType<T>, text: string | undefined): T | undefined {
  if (text === undefined) return undefined;
  try {
    const read = schema.safeParse(JSON.parse(text));
    return read.success ? read.data : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
