/* eslint-disable @n8n/community-nodes/no-restricted-imports -- looks at the documentation, never part of the node */
import type { INodeProperties } from 'n8n-workflow';
import { readFileSync } from 'node:fs';

import { RESOURCES } from '../nodes/ComfyControl/actions/resources';
import { ComfyControl } from '../nodes/ComfyControl/ComfyControl.node';
import { ComfyControlTrigger } from '../nodes/ComfyControl/ComfyControlTrigger.node';

const README = readFileSync('README.md', 'utf8');
const EXPLAINED = README + readFileSync('docs/parameters.md', 'utf8');
const ofNode = new ComfyControl().description.properties;
const ofTrigger = new ComfyControlTrigger().description.properties;

/** The names that a field shows: its own, and those of what is in it. */
function namesOf(field: INodeProperties): string[] {
	const inner = (field.options ?? []).map((option) =>
		'displayName' in option ? option.displayName : option.name,
	);
	return [field.displayName, ...inner];
}

function optionsOf(fields: INodeProperties[]): string[] {
	return fields
		.filter(({ name }) => name === 'options')
		.flatMap((field) => namesOf(field).slice(1));
}

const isOfRerun = ({ displayOptions }: INodeProperties) =>
	displayOptions?.show?.operation?.includes('rerun') ?? false;

it.each(optionsOf(ofNode.filter(isOfRerun)))('explains the option %s of Rerun', (name) => {
	expect(EXPLAINED).toContain(name);
});

it.each([...README.matchAll(/Options > ([A-Z][A-Za-z ()]+[A-Za-z)])/g)].map(([, name]) => name))(
	'knows the option %s from the panel',
	(name) => {
		expect(optionsOf([...ofNode, ...ofTrigger])).toContain(name);
	},
);

it('calls the ways to enter parameters as the panel does', () => {
	const ways = ofNode.filter(({ name }) => name === 'specifyParameters')[0];
	const [, ...names] = namesOf(ways);
	expect(names.filter((name) => !README.includes(name))).toEqual([]);
});

it.each(RESOURCES.map(({ option, operations }) => ({ option, operations })))(
	'lists the operations of $option.name',
	({ option, operations }) => {
		const row = README.split('\n').find((line) => line.startsWith(`| ${option.name} |`)) ?? '';
		const listed = [...row.matchAll(/\*\*([^*]+)\*\*/g)].map(([, name]) => name);
		expect(listed.sort()).toEqual(operations.map((operation) => operation.option.name).sort());
	},
);
