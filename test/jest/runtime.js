const { createRequire, isBuiltin } = require('node:module');

const Runtime = require('jest-runtime').default;

// A worker ends without freeing all its memory bit by bit: that may take longer than the half second that
// Jest leaves it before it says that tests leak.
if (process.send) process.once('exit', () => process.exit());

// Loading n8n's engine takes a second, and every test file would load it: here a process loads what is
// installed once. The node and its tests are loaded anew for each test file, as always. A file that needs
// packages of its own, as fake timers do, asks for `@jest-environment node`.
module.exports = class SharedModules extends Runtime {
	#isSharing;

	#global;

	constructor(config, environment, ...others) {
		super(config, environment, ...others);
		this.#isSharing = environment.isSharing === true;
		this.#global = environment.global;
	}

	// Handed on instead of copied to the depth, as nothing counts any more: a tenth of a second for each test file.
	getAllCoverageInfoCopy() {
		return { ...this.#global.__coverage__ };
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
