declare module 'dynalite' {
  import type { Server } from 'node:http';
  /** A DynamoDB that keeps its tables in memory; times are what creating and deleting a table takes. */
  export default function dynalite(options?: {
    readonly createTableMs?: number;
    readonly deleteTableMs?: number;
  }): Server;
}
