const { statSync } = require('node:fs');

const Sequencer = require('@jest/test-sequencer').default;

const { usesEngine } = require('./usesEngine');

// The first test that fails decides: those that take long come last.
module.exports = class QuickestFirst extends Sequencer {
	sort(tests) {
		return [...tests].sort((one, other) => costOf(one) - costOf(other));
	}
};

function costOf({ path }) {
	return statSync(path).size + (usesEngine(path) ? 1_000_000 : 0);
}
