import { readLinesAnswer, recordLine } from '../core/indexing/lines.ts';
import { plainIdOf } from '../core/record.ts';
import type { Authorization } from './http/authorization.ts';
import { send } from './http/request.ts';
import type { Output } from './output.ts';
import { hashOf } from './record-hash.ts';

/** An address that takes lines, and how. */
export interface LinesTarget {
  readonly endpoint: URL;
  readonly authorization: Authorization;
  readonly maxBytes: number;
  readonly maxLines: number;
}

/**
 * Posts records as they are, one a line, to whatever takes newline-delimited JSON over HTTPS: Logstash's http input, Vector's
 * http_server source. Any 2xx answer is of the whole batch; the receiver must know a repeated record by its eventID.
 * @see https://www.elastic.co/docs/reference/logstash/plugins/plugins-inputs-http
 * @see https://vector.dev/docs/reference/configuration/sources/http_server/
 */
export function httpLinesOutput({ endpoint, authorization, maxBytes, maxLines }: LinesTarget): Output {
  return {
    name: 'http-lines',
    maxBytes,
    maxLines,
    lineOf(source) {
      const { record } = source.read;
      if (record === undefined) return { unwritable: 'unreadable' in source.read ? source.read.unreadable : 'empty' };
      const { raw } = source;
      try {
        const id = plainIdOf(record) ?? hashOf(source);
        // As it came, where that is one line already: nothing is lost of its numbers.
        if (typeof raw === 'string' && !/[\r\n]/.test(raw)) return { text: `${raw}\n`, id, index: undefined };
        return { text: recordLine(record), id, index: undefined };
      } catch (error) {
        if (error instanceof RangeError) return { unwritable: 'nested too deeply' };
        throw error;
      }
    },
    async post(body, lines, deadline) {
      const request = { method: 'POST', url: endpoint, contentType: 'application/x-ndjson', body } as const;
      return readLinesAnswer(await send(request, authorization, deadline), lines);
    },
  };
}
