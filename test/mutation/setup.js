const fc = require('fast-check');

// That a property fails is enough: a small example of it would cost hundreds of tries for each change.
fc.configureGlobal({ endOnFailure: true });
