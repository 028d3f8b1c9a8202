import { completed, unfitParameter } from '../../../../nodes/ComfyControl/parameters/check';
import type { Parameter } from '../../../../nodes/ComfyControl/parameters/types';
import {
	workflowParameters,
	type ParameterList,
} from '../../../../nodes/ComfyControl/parameters/workflowParameters';

const list: ParameterList = {
	parameters: [
		{ kind: 'text', name: 'prompt' },
		{ kind: 'text', name: 'negative_prompt' },
		{ kind: 'file', name: 'input_image' },
		{ kind: 'choice', name: 'sampler', options: ['euler', 'dpm_2'] },
		{ kind: 'choice', name: 'model' },
	],
	isComplete: true,
	malformed: [],
};

const text = (name: string): Parameter => ({ kind: 'text', name, value: 'x' });
const choice = (name: string, value: string): Parameter => ({ kind: 'choice', name, value });
const file = (name: string): Parameter => ({ kind: 'file', name, input: 'data' });

describe('unfitParameter', () => {
	it('finds nothing wrong with what the workflow takes', () => {
		const fit = [text('prompt'), file('input_image'), choice('sampler', 'dpm_2')];
		expect(unfitParameter(fit, list)).toBeUndefined();
		expect(unfitParameter([], list)).toBeUndefined();
	});

	it('leaves a choice alone of which the options aren’t known', () => {
		expect(unfitParameter([choice('model', 'anything')], list)).toBeUndefined();
	});

	it.each([
		['promt', 'prompt'],
		['Prompt', 'prompt'],
		['negative prompt', 'negative_prompt'],
		['InputImage', 'input_image'],
	])('asks whether %j was meant to be %j', (name, meant) => {
		expect(unfitParameter([text('prompt'), text(name)], list)).toEqual({
			message: `The workflow has no parameter '${name}': did you mean '${meant}'?`,
			description:
				"It takes 'prompt' (text), 'negative_prompt' (text), 'input_image' (file), 'sampler' (choice), 'model' (choice). Correct the name, or remove the parameter.",
		});
	});

	it('suggests nothing for a name that is like none', () => {
		expect(unfitParameter([text('frames')], list)?.message).toBe(
			"The workflow has no parameter 'frames'",
		);
	});

	it('says that the workflow takes none', () => {
		const none = { ...list, parameters: [] };
		expect(unfitParameter([text('prompt')], none)?.message).toBe(
			"The workflow has no parameter 'prompt'. It has no parameters.",
		);
	});

	it('says that the kind is another', () => {
		expect(unfitParameter([file('prompt')], list)).toEqual({
			message: "'prompt' is a text parameter of the workflow, but a file was entered for it",
			description: 'Remove it and enter it as a text parameter.',
		});
	});

	it('lists the choices', () => {
		expect(unfitParameter([choice('sampler', 'dpm-2')], list)).toEqual({
			message: "'dpm-2' is not an option of 'sampler': did you mean 'dpm_2'?",
			description: "The workflow offers 'euler', 'dpm_2'.",
		});
	});

	it('takes a file for a file parameter where a text has its name too', () => {
		const both: ParameterList = {
			...list,
			parameters: [...list.parameters, { kind: 'file', name: 'prompt' }],
		};
		expect(unfitParameter([file('prompt')], both)).toBeUndefined();
	});

	it('suggests no option where none is near', () => {
		expect(unfitParameter([choice('sampler', 'something else')], list)?.message).toBe(
			"'something else' is not an option of 'sampler'",
		);
	});

	it('does not judge names when there may be others', () => {
		expect(unfitParameter([text('more')], { ...list, isComplete: false })).toBeUndefined();
	});

	it('shows what looks like a placeholder and is none', () => {
		const problem = unfitParameter([text('steps')], { ...list, malformed: ['$text(steps'] });
		expect(problem?.description).toContain("aren't written like one: '$text(steps'.");
	});
});

describe('completed', () => {
	const taken = (...values: string[]) =>
		workflowParameters({ '1': { class_type: 'X', inputs: { values } } }, undefined);

	it.each([
		['text', '$text(a)', 'Enter a value.'],
		['file', '$file(a)', 'Enter the binary field or the URL with its file.'],
	])('needs a %s that has no default', (kind, placeholder, advice) => {
		expect(completed([], taken(placeholder))).toEqual({
			problem: {
				message: `The ${kind} parameter 'a' has no value`,
				description: `The workflow asks for it and has no default. ${advice}`,
			},
		});
		const entered = kind === 'file' ? file('a') : text('a');
		expect(completed([entered], taken(placeholder))).toEqual({ value: [entered] });
	});

	it('sends no default where places of one name have different ones', () => {
		const list = taken('$text(steps, 23)', '$text(steps, 4)', '$text(cfg, 7)');
		expect(completed([], list)).toEqual({ value: [{ kind: 'text', name: 'cfg', value: '7' }] });
		const steps: Parameter = { kind: 'text', name: 'steps', value: '9' };
		expect(completed([steps], list)).toMatchObject({ value: [steps, { name: 'cfg' }] });
		expect(completed([], taken('$choice(s, a, b)', '$choice(s, b, a)'))).toEqual({ value: [] });
	});

	it('takes of several choices of one name what all offer', () => {
		const list = taken('$choice(s, a, b)', '$choice(s, b, c)');
		expect(completed([choice('s', 'b')], list)).toEqual({ value: [choice('s', 'b')] });
		expect(completed([choice('s', 'a')], list)).toMatchObject({
			problem: { description: "The workflow offers 'b'." },
		});
		const apart = taken('$choice(s, a, b)', '$choice(s, c, d)');
		expect(completed([choice('s', 'a')], apart)).toMatchObject({
			problem: { message: expect.stringContaining('nothing in common') },
		});
	});

	it('refuses a text and a file of one name', () => {
		expect(completed([file('image')], taken('$file(image)', '$text(image, x)'))).toEqual({
			problem: {
				message: "The workflow has a file and a text parameter of the name 'image'",
				description: expect.stringContaining("Both would be sent as '$image'."),
			},
		});
	});

	it('advises for a workflow that has not run yet', () => {
		expect(completed([text('a')], taken())).toEqual({
			problem: {
				message: "The workflow has no parameter 'a'. It has no parameters.",
				description:
					'Remove the parameter, or put a placeholder such as $text(prompt) into the workflow JSON.',
			},
		});
	});
});
