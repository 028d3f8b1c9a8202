import { declareValuePlugin, PluginKind } from '@stryker-mutator/api/plugin';

const SHOWN = new Set(['INodeProperties', 'INodePropertyOptions', 'Icon']);

/**
 * Leaves out what n8n's panel shows, word for word: a test of it could only repeat it. The panels are
 * looked at in the real editor, by test/e2e/panels.test.ts and by people.
 */
export const strykerPlugins = [
	declareValuePlugin(PluginKind.Ignore, 'panelTexts', {
		shouldIgnore: (path) =>
			SHOWN.has(typeNameIn(annotationOf(path))) ? 'It is what the panel shows' : undefined,
	}),
];

function annotationOf(path) {
	if (path.isVariableDeclarator()) return path.node.id.typeAnnotation;
	if (path.isFunction()) return path.node.returnType;
	return path.isClassProperty() ? path.node.typeAnnotation : undefined;
}

function typeNameIn(annotation) {
	const type = annotation?.typeAnnotation;
	const entry = type?.type === 'TSArrayType' ? type.elementType : type;
	return entry?.typeName?.name;
}
