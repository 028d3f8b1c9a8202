import {
	isApiFormat,
	workflowParameters,
} from '../../../../nodes/ComfyControl/parameters/workflowParameters';

const definition = {
	'3': { class_type: 'KSampler', inputs: { sampler: '$choice(sampler, euler, dpm_2)' } },
	'6': { class_type: 'CLIPTextEncode', inputs: { text: '$text(prompt)' } },
	'7': { class_type: 'CLIPTextEncode', inputs: { text: '$text(negative, blurry)' } },
	'8': { class_type: 'LoadImage', inputs: { image: '$file(image)' } },
};

describe('workflowParameters', () => {
	// Open question Q3: how the API writes the names.
	it.each([
		['as the example has it', '$text(prompt)', '#choice(sampler)', '$file(image)'],
		['as in the definition', '$text(prompt)', '$choice(sampler, euler, dpm_2)', '$file(image)'],
		['as in the form', '$prompt', '#sampler', '$image'],
	])('fills in what the last run had, written %s', (_, text, choice, file) => {
		const last = [
			[text, 'a lighthouse'],
			[choice, 'dpm_2'],
			[file, 'sketch.png'],
			['$random()', 42],
		];
		expect(workflowParameters(definition, last)).toEqual({
			isComplete: true,
			malformed: [],
			parameters: [
				{ kind: 'choice', name: 'sampler', options: ['euler', 'dpm_2'], lastValue: 'dpm_2' },
				{ kind: 'text', name: 'prompt', lastValue: 'a lighthouse' },
				{ kind: 'text', name: 'negative', lastValue: 'blurry' },
				{ kind: 'file', name: 'image', lastValue: 'sketch.png' },
			],
		});
	});

	it('falls back to the default and to the first choice', () => {
		const { parameters } = workflowParameters(definition, undefined);
		expect(parameters.map(({ lastValue }) => lastValue)).toEqual([
			'euler',
			undefined,
			'blurry',
			undefined,
		]);
	});

	it('takes numbers and switches as texts, and leaves out what is no value', () => {
		const last = [['$prompt', 12], ['#sampler', true], ['$negative', null], ['$x'], 'y', [7, 'z']];
		const { parameters } = workflowParameters(definition, last);
		expect(parameters.map(({ lastValue }) => lastValue)).toEqual([
			'true',
			'12',
			'blurry',
			undefined,
		]);
	});

	it('knows the parameters of the last run alone when the definition tells none', () => {
		const filledIn = { '6': { class_type: 'CLIPTextEncode', inputs: { text: 'a lighthouse' } } };
		const last = [
			['$text(prompt)', 'a lighthouse'],
			['#sampler', 'euler'],
			['$timestamp()', 1],
		];
		expect(workflowParameters(filledIn, last)).toEqual({
			isComplete: false,
			malformed: [],
			parameters: [
				{ kind: 'text', name: 'prompt', lastValue: 'a lighthouse' },
				{ kind: 'choice', name: 'sampler', lastValue: 'euler' },
			],
		});
	});

	it('tells a workflow without parameters from one that can’t be read', () => {
		const none = { '1': { class_type: 'KSampler', inputs: { seed: '$random()' } } };
		expect(workflowParameters(none, [])).toMatchObject({ isComplete: true, parameters: [] });
		expect(workflowParameters({ nodes: [], links: [] }, [])).toMatchObject({ isComplete: false });
		expect(workflowParameters(undefined, undefined)).toMatchObject({ isComplete: false });
	});
});

describe('isApiFormat', () => {
	it.each([
		[definition, true],
		[{ nodes: [{ id: 1 }], links: [], config: {} }, false],
		[[], false],
		['{}', false],
		[null, false],
	])('%j: %s', (value, expected) => {
		expect(isApiFormat(value)).toBe(expected);
	});
});
