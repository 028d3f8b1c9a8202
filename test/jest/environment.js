const { TestEnvironment } = require('jest-environment-node');

// The shared modules are loaded outside of this environment: both sides must mean the same classes by these names.
const SHARED = [Map, Set, Date, Promise, Error, TypeError, RangeError];

module.exports = class SharingEnvironment extends TestEnvironment {
	/** Whether packages are shared with other test files: the runtime beside this goes by it. */
	isSharing = true;

	constructor(config, context) {
		super(config, context);
		// What the language itself throws in here is an error out there too.
		Object.setPrototypeOf(this.global.Error.prototype, Error.prototype);
		for (const shared of SHARED) this.global[shared.name] = shared;
	}
};
