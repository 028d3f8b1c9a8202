import type { FastifyInstance } from 'fastify';

import { validationFailed } from '../apiError';
import type { Context } from '../context';
import { formOf, jsonFileOf, shortTextOf, textOf, type Form } from '../form';
import { defaultParam, formParams, missing } from '../formParams';
import type { NewJob } from '../jobs';
import { required } from '../limits';
import {
	isApiFormat,
	namedPlaceholders,
	type NamedPlaceholder,
	type WorkflowJson,
} from '../placeholders';
import { summary } from '../present';
import { user } from '../seeds';
import { startWorkflow } from '../startWorkflow';
import type { Switches } from '../switches';

const mostNameCharacters = 200;
const ownFields = ['name', 'workflow_json', 'tags'];

/** POST /v1/workflow: starts a workflow that is uploaded with its values. */
export function createRoute(app: FastifyInstance, context: Context): void {
	const { switches } = context;

	app.post('/v1/workflow', async ({ received }, reply) => {
		const newJob = jobOf(formOf(received, switches), switches);
		const started = startWorkflow(context, received, newJob);
		return await reply.code(switches.createStatus).send(summary(started, switches));
	});
}

function jobOf(form: Form, switches: Switches): Omit<NewJob, 'runner'> {
	const name = required(shortTextOf(form, 'name', mostNameCharacters), 'name');
	const { value: workflowJson } = required(
		jsonFileOf(form, 'workflow_json', switches),
		'workflow_json',
	);
	if (!isApiFormat(workflowJson)) {
		throw validationFailed('workflow_json is not in ComfyUI’s API format');
	}
	if (switches.placeholderRules === 'checked') {
		namedPlaceholders(workflowJson).forEach(checkPlaceholder);
	}
	return {
		userId: user.id,
		name,
		tags: tagsOf(textOf(form, 'tags') ?? '', switches),
		workflowJson,
		params: paramsOf(form, workflowJson, switches),
	};
}

function checkPlaceholder(placeholder: NamedPlaceholder): void {
	const { kind, name, token } = placeholder;
	if (kind === 'file' && !/^[\w-]{1,255}$/.test(name)) {
		throw validationFailed(`name in ${token} may only have letters, digits, - and _`);
	}
	if (kind === 'choice' && (placeholder.options.length < 2 || placeholder.options.length > 4)) {
		throw validationFailed(`${token} must have 2 to 4 options`);
	}
}

function tagsOf(list: string, { tagSpaces }: Switches): string[] {
	const tags = list.split(',').map((tag) => (tagSpaces === 'trimmed' ? tag.trim() : tag));
	return tags.filter((tag) => tag !== '');
}

function paramsOf(form: Form, workflowJson: WorkflowJson, switches: Switches) {
	const parameters = new Map([...form].filter(([field]) => !ownFields.includes(field)));
	return formParams(parameters, namedPlaceholders(workflowJson), switches, (placeholder) => {
		if (switches.omittedOnCreate === 'refused') throw missing(placeholder);
		return defaultParam(placeholder);
	});
}
