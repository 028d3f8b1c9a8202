const { statSync } = require('node:fs');

const Sequencer = require('@jest/test-sequencer').default;

const { mayHave, usesEngine } = require('./testFiles');

// Jest loads every file to find out that none of its tests is asked for: those are left out here. The
// first test that fails decides, so that those that take long come last.
module.exports = class NeededAndQuickestFirst extends Sequencer {
	#namePattern;

	constructor(options) {
		super(options);
		this.#namePattern = options.globalConfig.testNamePattern;
	}

	sort(tests) {
		return tests
			.filter(({ path }) => mayHave(path, this.#namePattern))
			.sort((one, other) => costOf(one) - costOf(other));
	}
};

function costOf({ path }) {
	return statSync(path).size + (usesEngine(path) ? 1_000_000 : 0);
}
