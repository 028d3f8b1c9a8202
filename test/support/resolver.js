const { join, resolve } = require('node:path');

const nodes = resolve(__dirname, '../../nodes');
const time = join(nodes, 'ComfyControl/basics/time.ts');

module.exports = (request, options) => {
	// Named with .js so that tsx does not take a node's JSON for the node.
	const wanted = request.startsWith('.') ? request.replace(/\.node\.js$/, '.node.ts') : request;
	const file = options.defaultResolver(wanted, options);
	// The node goes by a clock that the tests step: what it imports as its time is theirs.
	return file === time && options.basedir.startsWith(nodes) ? join(__dirname, 'time.ts') : file;
};
