import {
	allEmpty,
	fieldOf,
	fitColumns,
	noColumnFits,
	unusedHint,
} from '../../../../nodes/ComfyControl/parameters/columns';

const prompt = { kind: 'text', name: 'prompt' } as const;
const sampler = { kind: 'choice', name: 'sampler' } as const;
const image = { kind: 'file', name: 'input_image' } as const;

/** The column of each parameter, and what is left over. */
function fit(parameters: Parameters<typeof fitColumns>[0], columns: string[]) {
	const fits = fitColumns(parameters, columns);
	if ('problem' in fits) return fits.problem;
	return [...parameters.map((one) => fits.value.columnOf(one)), fits.value.unused];
}

describe('a column', () => {
	it.each([
		['prompt', true],
		[' Prompt ', true],
		['P-r_o m-pt', true],
		['$prompt', true],
		['$text(prompt)', true],
		['$text(prompt, a barn)', true],
		['$file(prompt)', false],
		['#prompt', false],
		['my$prompt', false],
		['prompts', false],
	])('%j is for the text prompt: %p', (column, isForIt) => {
		expect(fit([prompt], [column])).toEqual(isForIt ? [column, []] : [undefined, [column]]);
	});

	it.each([
		['sampler', true],
		['#Sampler', true],
		[' #choice(sampler)', true],
		['$choice(sampler, euler, dpm_2)', true],
		['$sampler', false],
		['$text(sampler)', false],
	])('%j is for the choice sampler: %p', (column, isForIt) => {
		expect(fit([sampler], [column])).toEqual(isForIt ? [column, []] : [undefined, [column]]);
	});

	it('of exactly the name is taken, and one that is like it is left over', () => {
		expect(fit([prompt], ['Prompt', 'prompt'])).toEqual(['prompt', ['Prompt']]);
	});

	it('fills a text and a choice of one name alike', () => {
		const style = { kind: 'text', name: 'sampler' } as const;
		expect(fit([style, sampler], ['Sampler'])).toEqual(['Sampler', 'Sampler', []]);
		expect(fit([style, sampler], ['$sampler', '#sampler'])).toEqual(['$sampler', '#sampler', []]);
	});

	it('counts letters with marks alike, however they are written', () => {
		expect(fit([{ kind: 'text', name: 'caf\u00e9' }], ['Cafe\u0301'])).toEqual(['Cafe\u0301', []]);
	});

	it('of separators alone is for a parameter of just these', () => {
		expect(fit([{ kind: 'text', name: '_' }], ['-', '_ '])).toEqual(['_ ', ['-']]);
	});

	it.each([
		['item', 'More than one field of the item could be'],
		['JSON', 'More than one field of the JSON could be'],
	] as const)('is not guessed where several of the %s would do', (holder, message) => {
		expect(fitColumns([prompt], ['Prompt', 'PROMPT', 'row'], holder)).toEqual({
			problem: {
				message: `${message} the parameter 'prompt'`,
				description:
					"They are 'Prompt', 'PROMPT'. Call one of them exactly 'prompt', or remove the others.",
			},
		});
	});

	it('is one of the item, unless something else is said', () => {
		expect(fit([prompt], ['Prompt', 'PROMPT'])).toHaveProperty(
			'message',
			"More than one field of the item could be the parameter 'prompt'",
		);
	});

	it('is not guessed where it would do for several parameters', () => {
		const parameters = [
			{ kind: 'text', name: 'a b' },
			{ kind: 'text', name: 'a_b' },
		] as const;
		expect(fit([...parameters], ['AB'])).toEqual({
			message: "The field 'AB' could be the parameter 'a b' or 'a_b'",
			description: 'Give it exactly the name of the parameter that it is for.',
		});
	});

	it('is named by what holds it', () => {
		expect([fieldOf('item', 'a'), fieldOf('JSON', 'a')]).toEqual([
			"The field 'a' of the item",
			"The field 'a' of the JSON",
		]);
	});
});

describe('what is said where no column fits', () => {
	it('has both sides, and a guess', () => {
		expect(noColumnFits([prompt, image], ['row', '$promt', 'words'])).toEqual({
			message:
				"No field of the item fits a parameter of the workflow: did you mean 'prompt' by '$promt'?",
			description:
				"The item has 'row', '$promt', 'words'. The workflow takes 'prompt' (text), 'input_image' (file). Rename the fields before this node, or choose 'Map Each Column Manually'.",
		});
	});

	it('has no guess where none is near', () => {
		expect(noColumnFits([prompt], ['row']).message).toBe(
			'No field of the item fits a parameter of the workflow',
		);
	});

	it('says that the item is empty', () => {
		expect(noColumnFits([prompt], []).description).toMatch(
			/^The item is empty, as after a node with Always Output Data that found nothing\. The workflow/,
		);
	});

	it('says that the workflow has no parameters', () => {
		expect(noColumnFits([], ['row'])).toEqual({
			message: 'The workflow has no parameters that columns could fill',
			description:
				"The item has 'row'. Put placeholders such as $text(prompt) into the workflow, or choose 'Map Each Column Manually'.",
		});
	});

	it('names each empty field once', () => {
		expect(allEmpty(['a', 'b', 'a']).description).toContain("Empty: 'a', 'b'. Nothing is sent");
	});

	it('names what was left over beside what the workflow takes', () => {
		expect(unusedHint([prompt, sampler], ['row', 'x'])).toBe(
			"Not sent, as the workflow has no parameters of these names: 'row', 'x'. It takes 'prompt', 'sampler'.",
		);
	});
});
