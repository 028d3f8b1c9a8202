import type { INodeProperties } from 'n8n-workflow';

import { ComfyControl } from '../../../nodes/ComfyControl/ComfyControl.node';
import { ComfyControlTrigger } from '../../../nodes/ComfyControl/ComfyControlTrigger.node';

const { description } = new ComfyControl();

/** The field of that name that a Rerun shows. */
function field(name: string): INodeProperties | undefined {
	return description.properties.find((property) => {
		const { resource = ['workflow'], operation = ['rerun'] } = property.displayOptions?.show ?? {};
		const isShown = resource.includes('workflow') && operation.includes('rerun');
		return property.name === name && isShown;
	});
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
		expect(field('parametersJson')).toMatchObject({ type: 'json', default: '' });
		expect(field('parameterForm')).toMatchObject({ type: 'resourceMapper' });
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
