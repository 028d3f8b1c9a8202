// n8n's engine prints every failed node; in tests failing is expected.
process.env.N8N_LOG_LEVEL = 'silent';
// Types go and coverage comes in one pass. That the types are right is a check of its own.
const babel = {
	configFile: false,
	presets: [['@babel/preset-typescript', { allowDeclareFields: true }]],
	plugins: ['@babel/plugin-transform-modules-commonjs'],
};

/** @type {import('jest').Config} */

module.exports = {
	// A process loads what is installed once.
	testEnvironment: '<rootDir>/test/jest/environment.js',
	runtime: '<rootDir>/test/jest/runtime.js',
	// Jest leaves one core free otherwise: half of those that CI has.
	maxWorkers: '100%',
	testSequencer: '<rootDir>/test/jest/sequencer.js',
	roots: ['<rootDir>/test'],
	testPathIgnorePatterns: [
		'/node_modules/',
		'<rootDir>/test/e2e/',
		'<rootDir>/test/bench/',
		'<rootDir>/test/queue/',
	],
	setupFilesAfterEnv: ['<rootDir>/test/support/setup.ts'],
	// The node goes by a clock that the tests step.
	resolver: '<rootDir>/test/support/resolver.js',
	// A net for a busy machine, never a measure.
	testTimeout: 60_000,
	transform: { '\\.ts$': ['babel-jest', babel] },
	coverageReporters: ['text'],
	collectCoverageFrom: ['nodes/**/*.ts', 'credentials/**/*.ts'],
	coverageThreshold: { global: { lines: 95 } },
};
