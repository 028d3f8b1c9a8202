const { createRequire, isBuiltin } = require('node:module');

const Runtime = require('jest-runtime').default;

const { usesEngine } = require('./testFiles');

// Loading n8n's engine takes seconds, and every change would load it for every test file: here a process
// loads what is installed once. The node and its tests are loaded anew for each test file, as always.
module.exports = class SharedModules extends Runtime {
	#isSharing;

	constructor(...args) {
		super(...args);
		const testPath = args[6];
		this.#isSharing = usesEngine(testPath);
	}

	requireModule(from, name, options, isRequireActual) {
		const mayShare = this.#isSharing && !options?.isInternalModule;
		const path = mayShare ? installedPath(from, name) : undefined;
		return path ? require(path) : super.requireModule(from, name, options, isRequireActual);
	}
};

function installedPath(from, name) {
	if (!name || /^[./]/.test(name) || isBuiltin(name)) return undefined;
	return createRequire(from).resolve(name);
}
