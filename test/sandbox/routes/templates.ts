import type { FastifyInstance } from 'fastify';
import { randomUUID } from 'node:crypto';

import { ApiError } from '../apiError';
import type { Context } from '../context';
import { formOf, jsonFileOf, shortTextOf, type Form } from '../form';
import { required } from '../limits';
import { ownNewestFirst, ownTemplate } from '../own';
import { pageOf } from '../paging';
import { user } from '../seeds';
import type { Switches } from '../switches';
import { templateId } from '../templateIds';
import { templateDetails, templateSummary, type SandboxTemplate } from '../templates';

const mostNameCharacters = 100;
const mostDescriptionCharacters = 500;
const json = 'application/json; charset=utf-8';

/** POST and GET /v1/template, GET and PUT /v1/template/{id}: the user's stored definitions. */
export function templateRoutes(app: FastifyInstance, context: Context): void {
	const { templates, switches, now } = context;

	app.post('/v1/template', async ({ received }, reply) => {
		const { name, description, body } = templateFields(formOf(received, switches), switches);
		const template: SandboxTemplate = {
			id: templateId(randomUUID(), switches),
			userId: user.id,
			name: required(name, 'name'),
			description: required(description, 'description'),
			body: required(body, 'body'),
			createdAtMs: now(),
			updatedAtMs: now(),
		};
		checkTier(context);
		const created = templates.add(template);
		return await reply.code(switches.createStatus).type(json).send(templateDetails(created));
	});

	app.get('/v1/template', async ({ received: { query } }) => {
		const found = ownNewestFirst(templates.all());
		return {
			templates: pageOf(found, query, switches).map(templateSummary),
			total: found.length,
		};
	});

	app.get<{ Params: { id: string } }>('/v1/template/:id', async ({ params }, reply) =>
		reply.type(json).send(templateDetails(ownTemplate(context, params.id))),
	);

	app.put<{ Params: { id: string } }>('/v1/template/:id', async ({ params, received }, reply) => {
		const template = ownTemplate(context, params.id);
		const sent = templateFields(formOf(received, switches), switches);
		const updated = templates.update({
			...template,
			name: sent.name ?? template.name,
			description: sent.description ?? template.description,
			body: sent.body ?? template.body,
			updatedAtMs: now(),
		});
		return await reply.type(json).send(templateDetails(updated));
	});
}

/** The fields that were sent, each within its limits. */
function templateFields(form: Form, switches: Switches) {
	return {
		name: shortTextOf(form, 'name', mostNameCharacters),
		description: shortTextOf(form, 'description', mostDescriptionCharacters),
		body: jsonFileOf(form, 'body', switches),
	};
}

function checkTier({ templates, switches: { templateLimit } }: Context): void {
	if (templateLimit !== null && ownNewestFirst(templates.all()).length >= templateLimit) {
		throw new ApiError(403, 'Template limit exceeded for your tier');
	}
}
