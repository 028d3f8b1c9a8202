// Preloaded into n8n: writes down every few seconds what it holds, once everything that can be freed is freed.
const { appendFileSync } = require('node:fs');
const { setFlagsFromString } = require('node:v8');
const { runInNewContext } = require('node:vm');

const EVERY_MS = 10_000;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc');
let unhandledRejections = 0;

process.on('unhandledRejection', (reason) => {
	unhandledRejections++;
	console.error('Unhandled rejection', reason);
});

// n8n's import commands load it too.
if (process.argv.includes('start')) setInterval(sample, EVERY_MS).unref();

function sample() {
	collectGarbage();
	const { heapUsed, rss } = process.memoryUsage();
	const handles = {};
	for (const name of process.getActiveResourcesInfo()) handles[name] = (handles[name] ?? 0) + 1;
	const taken = { atMs: Date.now(), heapUsed, rss, handles, unhandledRejections };
	appendFileSync(process.env.SOAK_SAMPLES_FILE, `${JSON.stringify(taken)}\n`);
}
