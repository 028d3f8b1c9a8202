// Preloaded into n8n: whatever ends the process that started it (a crash or SIGKILL too), n8n ends with it.
const { isMainThread } = require('node:worker_threads');

const PATIENCE_MS = 3_000;

// Into its worker threads too, which have no stdin of their own.
if (isMainThread) {
	process.stdin.on('end', () => {
		process.kill(process.pid, 'SIGTERM');
		setTimeout(() => process.exit(1), PATIENCE_MS).unref();
	});
	process.stdin.resume();
	process.stdin.unref();
}
