// Every change runs its properties anew: what so many cases don't notice counts as unnoticed.
const MOST_RUNS = 50;

const path = require.resolve('fast-check');
const fc = require(path);

const few = (settings = {}) => ({
	...settings,
	numRuns: Math.min(settings.numRuns ?? MOST_RUNS, MOST_RUNS),
	// That a property fails is enough: a small example of it would cost hundreds of tries.
	endOnFailure: true,
});
const assert = (property, settings) => fc.assert(property, few(settings));

// Tests get installed packages from this cache: see test/jest/runtime.js.
require.cache[path].exports = { __esModule: true, ...fc, assert, default: { ...fc, assert } };
