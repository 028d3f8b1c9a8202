import type { INodeProperties } from 'n8n-workflow';

import { ComfyControl } from '../../../nodes/ComfyControl/ComfyControl.node';
import { ComfyControlTrigger } from '../../../nodes/ComfyControl/ComfyControlTrigger.node';

const { description } = new ComfyControl();

/** The field of that name that an operation shows, by default a Rerun. */
function field(name: string, ofResource = 'workflow', ofOperation = 'rerun') {
	return description.properties.find((property) => {
		const { resource = [ofResource], operation = [ofOperation] } =
			property.displayOptions?.show ?? {};
		return (
			property.name === name && resource.includes(ofResource) && operation.includes(ofOperation)
		);
	});
}

function optionsOf(resource: string, operation: string): INodeProperties[] {
	const options = field('options', resource, operation)?.options ?? [];
	return options.filter((option): option is INodeProperties => 'default' in option);
}

describe('the ComfyControl node', () => {
	it('keeps to the contract of saved workflows', () => {
		expect(description).toMatchObject({
			name: 'comfyControl',
			version: 1,
			credentials: [{ name: 'comfyControlApi', required: true }],
		});
		expect(field('resource')).toMatchObject({ default: 'workflow' });
		expect(field('operation')).toMatchObject({ default: 'rerun' });
		expect(field('workflowId')?.modes?.map(({ name }) => name)).toEqual(['list', 'id', 'url']);
		const groups = (field('parameters')?.options ?? []).map((group) => [
			group.name,
			'values' in group ? group.values.map(({ name }) => name) : [],
		]);
		expect(groups).toEqual([
			['text', ['name', 'value']],
			['file', ['name', 'binaryPropertyName']],
			['choice', ['name', 'value']],
		]);
	});

	it('takes parameters by name, as JSON or in a form', () => {
		const ways = field('specifyParameters');
		expect(ways).toMatchObject({ default: 'fields' });
		expect(ways?.options?.map((way) => ('value' in way ? way.value : undefined))).toEqual([
			'fields',
			'json',
			'form',
		]);
		expect(field('parametersJson')).toMatchObject({ type: 'json', default: '{}' });
		expect(field('parameterForm')).toMatchObject({ type: 'resourceMapper' });
	});

	it.each([
		['workflow', 'rerun', true],
		['workflow', 'create', true],
		['template', 'run', true],
		['workflow', 'wait', false],
	])('knows the options of %s %s: starts something, %s', (resource, operation, starts) => {
		const names = optionsOf(resource, operation).map(({ name }) => name);
		const ofStarts = names.filter((name) =>
			['runsPerItem', 'includeInputFields', 'cancelOnStop', 'workflowsAtOnce'].includes(name),
		);
		const all = ['cancelOnStop', 'includeInputFields', 'runsPerItem', 'workflowsAtOnce'];
		expect(ofStarts.sort()).toEqual(starts ? all : []);
		expect(names).toEqual(
			expect.arrayContaining([
				'timeout',
				'outputMode',
				'outputBinaryPropertyName',
				'outputFileName',
			]),
		);
		expect(names.includes('checkParameters')).toBe(operation === 'rerun');
	});

	it('keeps to the contract in the options’ defaults', () => {
		const defaults = optionsOf('workflow', 'rerun').map((option) => [option.name, option.default]);
		expect(Object.fromEntries(defaults)).toEqual({
			cancelOnStop: false,
			checkParameters: true,
			includeInputFields: false,
			outputBinaryPropertyName: 'data',
			outputFileName: '',
			outputMode: 'file',
			runsPerItem: 1,
			timeout: 900,
			workflowsAtOnce: 0,
		});
	});

	// The editor's list has one entry for both, with the sentence of either.
	it('describes itself as its trigger does', () => {
		expect(new ComfyControlTrigger().description.description).toBe(description.description);
	});

	it('can be used by AI agents', () => {
		expect(description.usableAsTool).toBe(true);
	});

	it('lets each group of parameters be added again and again', () => {
		expect(field('parameters')).toMatchObject({
			type: 'fixedCollection',
			typeOptions: { multipleValues: true },
			default: {},
		});
	});
});
