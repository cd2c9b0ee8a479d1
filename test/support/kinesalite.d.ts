declare module 'kinesalite' {
  import type { Server } from 'node:http';
  /** A Kinesis that keeps its streams in memory; times are what creating and deleting a stream takes. */
  export default function kinesalite(options?: {
    readonly createStreamMs?: number;
    readonly deleteStreamMs?: number;
    readonly shardLimit?: number;
  }): Server;
}
