const Sequencer = require('@jest/test-sequencer').default;
const { statSync } = require('node:fs');

// The first test that fails ends the run: those that take long come last.
module.exports = class SmallestFirst extends Sequencer {
	sort(tests) {
		return [...tests].sort((one, other) => costOf(one) - costOf(other));
	}
};

function costOf({ path }) {
	const usesEngine = path.includes('/actions/') || path.includes('/methods/');
	return statSync(path).size + (usesEngine ? 1_000_000 : 0);
}
