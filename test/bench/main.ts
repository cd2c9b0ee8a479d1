import { fileURLToPath } from 'node:url';
import { measureFinding, measureThroughput } from './throughput.ts';
const root = fileURLToPath(new URL('../../', import.meta.url));
console.log(await measureThroughput(`${root}severities`), await measureFinding(`${root}severities`));
