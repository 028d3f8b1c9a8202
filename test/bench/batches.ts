/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals, no-console -- measures a real n8n on the developer's machine, never part of the node */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { installN8n } from '../e2e/n8nInstall';
import { runOrThrow } from '../support/processes';
import type { Bench, Report } from './bench';
import { GROWTH } from './growth';
import { NEIGHBOURS } from './neighbours';
import { FEW_STARTS, MANY_STARTS } from './starts';
import { CROWD, JOBS, OUTPUT_FILES, SEEN } from './waiting';

// (h) is the memory of uploads, which test/bench/memory.ts measures.
const BENCHES: Record<string, Bench> = {
	a: FEW_STARTS,
	b: MANY_STARTS,
	c: JOBS,
	d: SEEN,
	e: OUTPUT_FILES,
	f: NEIGHBOURS,
	g: CROWD,
	i: GROWTH,
};

const USAGE = `Measures our node in a real n8n, beside n8n's HTTP Request node, against the sandbox of the API, each answer of which takes 250 ms.

npx tsx test/bench/batches.ts                 all of them
npx tsx test/bench/batches.ts --only a,b      some of them

${Object.entries(BENCHES)
	.map(([, { title, takesMinutes }]) => `${title}: ${takesMinutes} minutes`)
	.join('\n')}

It uses the package as it is built: run "npm run build" first.
`;

async function main(): Promise<void> {
	const { values } = parseArgs({
		options: { only: { type: 'string' }, help: { type: 'boolean', default: false } },
	});
	const keys = values.only?.split(',') ?? Object.keys(BENCHES);
	const isKnown = keys.every((key) => key in BENCHES);
	if (values.help || !isKnown) {
		console.log(USAGE);
		process.exitCode = isKnown ? 0 : 1;
		return;
	}
	console.log(await surroundings());
	for (const key of keys) print(BENCHES[key], await BENCHES[key].run());
}

function print({ title }: Bench, { rows, targets }: Report): void {
	console.log(`\n${title}`);
	console.table(rows);
	for (const [text, isMet] of targets) {
		console.log(`${text}: ${isMet ? 'yes' : 'NO'}`);
		if (!isMet) process.exitCode = 1;
	}
}

async function surroundings(): Promise<string> {
	const { version, nodePath } = await installN8n();
	const nodeVersion = await runOrThrow(nodePath, ['--version'], { timeoutMs: 10_000 });
	const cores = availableParallelism();
	return `n8n ${version} on Node.js ${nodeVersion.trim()}, ${cores} processor cores`;
}

main().catch((error: unknown) => {
	console.error(error);
	process.exitCode = 1;
});
