const { dest, parallel, src } = require('gulp');

// Only these two kinds of file join the compiled code: n8n's own build command would also
// publish every picture in the repository, README screenshots included.
const icons = () => src('icons/*.svg').pipe(dest('dist/icons'));
const codex = () => src('nodes/**/*.node.json').pipe(dest('dist/nodes'));

exports.default = parallel(icons, codex);
