const Sequencer = require('@jest/test-sequencer').default;

// Where no run before has measured them, as on CI, Jest would begin these short files last: then all other
// processes would wait for one.
const LONGEST = /\/test\/faults\//;

module.exports = class LongestFirst extends Sequencer {
	sort(tests) {
		const sorted = super.sort(tests);
		const isLongest = ({ path }) => LONGEST.test(path.replaceAll('\\', '/'));
		return [...sorted.filter(isLongest), ...sorted.filter((test) => !isLongest(test))];
	}
};
