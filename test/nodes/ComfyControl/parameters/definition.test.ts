import fc from 'fast-check';

import { readDefinition } from '../../../../nodes/ComfyControl/parameters/definition';

const NODE = { class_type: 'SaveImage', inputs: { filename_prefix: '$timestamp()' } };
const TEXT = '{ "9": { "class_type": "KSampler", "inputs": { "seed": 1234567890123456789 } } }';
const ADVICE = expect.stringContaining("'Export (API)'");

describe('readDefinition', () => {
	it('keeps a text as it is, with every digit of its numbers', () => {
		const entered = `\n\t${TEXT}\r\n`;
		expect(readDefinition(entered)).toMatchObject({
			value: { text: entered, parsed: { '9': { class_type: 'KSampler' } } },
		});
	});

	it('takes away the mark that some editors begin a file with', () => {
		expect(readDefinition(`\uFEFF${TEXT}`)).toMatchObject({ value: { text: TEXT } });
	});

	it('writes an object as JSON', () => {
		const definition = { '9': NODE };
		expect(readDefinition(definition)).toEqual({
			value: { text: JSON.stringify(definition), parsed: definition },
		});
	});

	it('gives any object in API format back as it was', () => {
		const node = fc.record({
			class_type: fc.string(),
			inputs: fc.dictionary(fc.string(), fc.json()),
		});
		const definitions = fc.dictionary(fc.stringMatching(/^\d+$/), node, { minKeys: 1 });
		fc.assert(
			fc.property(definitions, (definition) => {
				const read = readDefinition(definition);
				const text = 'value' in read ? read.value.text : '';
				expect(JSON.parse(text)).toEqual(definition);
				expect(readDefinition(text)).toEqual({ value: { text, parsed: JSON.parse(text) } });
			}),
		);
	});

	it.each([[undefined], [null], [''], [' \n'], ['\uFEFF']])(
		'says that none is given for %j',
		(entered) => {
			expect(readDefinition(entered)).toEqual({
				problem: { message: 'No workflow JSON is given', description: ADVICE },
			});
		},
	);

	it('says where JSON is broken', () => {
		expect(readDefinition('{ "9": ')).toEqual({
			problem: {
				message: expect.stringMatching(/^The workflow JSON isn't valid JSON: .*end of JSON input/),
				description: ADVICE,
			},
		});
	});

	it.each([
		['', { nodes: [], links: [], config: {} }],
		[' as text', '{"last_node_id":9,"nodes":[{"id":9,"type":"SaveImage"}]}'],
	])('tells the format of ComfyUI’s editor%s', (_how, entered) => {
		expect(readDefinition(entered)).toEqual({
			problem: {
				message: "The workflow JSON is in the format of ComfyUI's editor",
				description: ADVICE,
			},
		});
	});

	it.each([
		['a list', [NODE]],
		['a number', 42],
		['a word', '"workflow"'],
		['no node at all', {}],
		['an object without any node', { version: 1 }],
	])('refuses %s', (_what, entered) => {
		expect(readDefinition(entered)).toEqual({
			problem: {
				message: "The workflow JSON isn't a ComfyUI workflow in API format",
				description: ADVICE,
			},
		});
	});

	it('refuses an object whose numbers have lost digits', () => {
		for (const seed of [2 ** 53, NaN, -Infinity]) {
			const entered = { '9': { class_type: 'KSampler', inputs: { seed } } };
			expect(readDefinition(entered)).toEqual({
				problem: {
					message: `The workflow JSON holds ${seed}, which n8n can't keep exactly in an object`,
					description: expect.stringContaining('Enter the JSON as text or as a file'),
				},
			});
		}
		const kept = { '9': { class_type: 'KSampler', inputs: { seed: 2 ** 53 - 1, cfg: 1e-7 } } };
		expect(readDefinition(kept)).toHaveProperty('value');
	});

	it('takes anything at all without failing', () => {
		fc.assert(
			fc.property(fc.anything({ maxDepth: 3 }), (entered) => {
				expect(Object.keys(readDefinition(entered))).toHaveLength(1);
			}),
		);
	});
});
