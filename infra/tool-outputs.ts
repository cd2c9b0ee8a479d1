/** An output of a stack: its name, which is contract, what it is, and its value. */
export type ToolOutput = readonly [name: string, description: string, value: string];
