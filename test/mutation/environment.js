const { TestEnvironment } = require('jest-environment-node');

const { keepNames, usesEngine } = require('./testFiles');

const FAILURES = new Set(['test_fn_failure', 'hook_failure', 'error']);

// The shared modules are loaded outside of this environment: both sides must mean the same classes by these names.
const SHARED = [
	Object,
	Function,
	Array,
	Map,
	Set,
	Date,
	RegExp,
	Promise,
	Error,
	TypeError,
	RangeError,
];

let noticed;

// Stryker runs all tests of a change, though the first one that fails tells that the change is noticed.
module.exports = class UntilNoticed extends TestEnvironment {
	#testPath;

	constructor(config, context) {
		super(config, context);
		this.#testPath = context.testPath;
		if (!usesEngine(context.testPath)) return;
		// What the language itself throws in here is an error out there too.
		Object.setPrototypeOf(this.global.Error.prototype, Error.prototype);
		for (const shared of SHARED) this.global[shared.name] = shared;
	}

	handleTestEvent(event, state) {
		if (event.name === 'run_start') keepNames(this.#testPath, state.rootDescribeBlock);
		const change = process.env.__STRYKER_ACTIVE_MUTANT__;
		if (change === undefined) return;
		if (FAILURES.has(event.name)) noticed = change;
		if (change !== noticed) return;
		if (event.name === 'run_describe_start') event.describeBlock.mode = 'skip';
		if (event.name === 'test_start') event.test.mode = 'skip';
	}
};
