require('./fewRuns');
const SharingEnvironment = require('../jest/environment');
const { keepNames } = require('./testFiles');

const FAILURES = new Set(['test_fn_failure', 'hook_failure', 'error']);

let noticed;

// Stryker runs all tests of a change, though the first one that fails tells that the change is noticed.
module.exports = class UntilNoticed extends SharingEnvironment {
	#testPath;

	constructor(config, context) {
		super(config, context);
		this.#testPath = context.testPath;
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
