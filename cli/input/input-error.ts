import { TrailbellError } from '../../function/core/errors.ts';

/** Thrown for an input that could not be read; names it and says why. */
export class InputError extends TrailbellError {
  override readonly name = 'InputError';
  constructor(input: string, detail: string, options?: ErrorOptions) {
    super('unreadable_input', `${input}: ${detail}`, options);
  }
}
