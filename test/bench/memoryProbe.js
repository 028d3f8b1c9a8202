// Preloaded into n8n: measures what is held outside of the JavaScript heap while the node named "Upload" runs.
const { writeFileSync } = require('node:fs');
const Module = require('node:module');
const { setTimeout: delay } = require('node:timers/promises');
const { setFlagsFromString } = require('node:v8');
const { runInNewContext } = require('node:vm');

const MEASURED_NODE = 'Upload';
const IS_RAW = process.env.MEMORY_PROBE_RAW === '1';
const PAUSE_BETWEEN_SAMPLES_MS = IS_RAW ? 5 : 100;
const LOOK_EVERY_MS = 100;
const STEADY_LOOKS = 5;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc');

const load = Module._load;
let patched = false;
Module._load = function (request, ...rest) {
	const loaded = load.call(this, request, ...rest);
	if (request === 'n8n-core' && !patched && loaded.WorkflowExecute) {
		patched = true;
		measureRunNode(loaded.WorkflowExecute.prototype);
	}
	return loaded;
};

function measureRunNode(workflowExecute) {
	const runNode = workflowExecute.runNode;
	workflowExecute.runNode = async function (workflow, executionData, ...rest) {
		const run = () => runNode.call(this, workflow, executionData, ...rest);
		return executionData.node.name === MEASURED_NODE ? await measure(run) : await run();
	};
}

async function measure(run) {
	await settle();
	const startBytes = heldBytes();
	let peakBytes = startBytes;
	let timer;
	const keepPeak = () => {
		peakBytes = Math.max(peakBytes, heldBytes());
		// Collecting takes as long as sending some megabytes: without pauses nothing else would run.
		timer = setTimeout(keepPeak, PAUSE_BETWEEN_SAMPLES_MS);
	};
	keepPeak();
	try {
		return await run();
	} finally {
		clearTimeout(timer);
		peakBytes = Math.max(peakBytes, heldBytes());
		writeFileSync(process.env.MEMORY_PROBE_FILE, JSON.stringify(peakBytes - startBytes));
	}
}

// What earlier nodes left behind must not be freed, and so hide something, while we measure.
async function settle() {
	let leastBytes = Infinity;
	for (let steadyLooks = 0; steadyLooks < STEADY_LOOKS; steadyLooks++) {
		await delay(LOOK_EVERY_MS);
		const bytes = heldBytes();
		if (bytes < leastBytes) steadyLooks = 0;
		leastBytes = Math.min(leastBytes, bytes);
	}
}

// Chunks that were sent and wait for the garbage collector are its business, not the node's: without collecting
// them first, the same upload measures anything from 10 to 32 MiB, depending on when V8 happens to clean up.
// Node.js counts array buffers, and so every Buffer, in `external`: adding `arrayBuffers` would count them twice.
function heldBytes() {
	if (IS_RAW) return process.memoryUsage().external;
	// Twice: array buffers that the first one frees are only counted off by the next.
	collectGarbage();
	collectGarbage();
	return process.memoryUsage().external;
}
