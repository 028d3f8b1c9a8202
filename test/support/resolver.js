// The node goes by a clock that the tests step: what it imports as its time is theirs.
const { join, resolve } = require('node:path');

const nodes = resolve(__dirname, '../../nodes');
const time = join(nodes, 'ComfyControl/basics/time.ts');

module.exports = (request, options) => {
	const file = options.defaultResolver(request, options);
	return file === time && options.basedir.startsWith(nodes) ? join(__dirname, 'time.ts') : file;
};
